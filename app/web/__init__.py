"""Pages for citizens and staff, rendered on the server."""
