"""Line art: a field of tone in, lines in millimetres out."""
