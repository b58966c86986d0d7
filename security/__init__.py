"""`make security`: examines code, locks and a running instance; docs/security.md tells what it found."""
