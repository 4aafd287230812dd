"""What artkit makes and works on, as plain data that knows no file format: pictures, labels, drawings, animations."""
