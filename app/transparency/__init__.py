"""A log of salted commitments that only grows, and that anybody can hold us to (RFC 9162). Knows no area."""
