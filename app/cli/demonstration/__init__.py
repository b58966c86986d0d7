"""The demonstration: a consultation, staff and an API client that anyone can try out."""
