"""The process that keeps promises: it claims jobs and runs the function that it knows by their name."""
