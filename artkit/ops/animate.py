"""animate ops."""
