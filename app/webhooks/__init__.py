"""Carrying events to a department's own receiver (Standard Webhooks), at least once."""
