"""A call for comments on a draft: its page, its window, its kind's rules."""
