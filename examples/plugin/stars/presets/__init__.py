"""Recipes and palettes; nothing here is code."""
