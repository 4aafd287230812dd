"""Stars at night: a plug-in of artkit."""
