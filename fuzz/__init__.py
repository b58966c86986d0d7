"""`make fuzz`: foreign bytes at every reader of them, guided by coverage where atheris is."""
