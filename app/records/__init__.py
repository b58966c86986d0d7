"""The end of a consultation: what was published about its results, and by which gate it was concluded."""
