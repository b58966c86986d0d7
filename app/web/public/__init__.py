"""The citizen's side; works wholly without JavaScript."""
