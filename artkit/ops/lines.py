"""lines ops."""
