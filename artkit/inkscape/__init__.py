"""artkit in Inkscape: dialogs made from the declarations, and the script that they run, into Inkscape's folder."""
