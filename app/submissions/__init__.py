"""What a citizen sent, through which channel, its receipt and its public display."""
