"""What of a consultation went to the archive (归档), and what must be kept whatever its time (保全)."""
