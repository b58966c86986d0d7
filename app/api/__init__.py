"""The department API: what a department's own program can read and do, over HTTP."""
