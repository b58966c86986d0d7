"""The API's documentation, served by the service itself: quickstart, reference, errors, events, in two languages."""
