"""paint ops."""
