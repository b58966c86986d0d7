"""What was decided about a suggestion, and why: the six dispositions and the departments' answers."""
