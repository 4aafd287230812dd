"""trace ops."""
