"""Making lines fit for a pen: lines in, the same lines in fewer strokes and a better order out."""
