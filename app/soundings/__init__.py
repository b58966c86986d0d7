"""Soundings: other organs asked for their opinions by letter (书面征求部门意见). Internal; nothing of it is public."""
