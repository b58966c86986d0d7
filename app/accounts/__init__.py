"""Staff, their roles and sessions; the API clients of departments and their keys."""
