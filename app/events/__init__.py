"""What happened, for departments' programs: written with the change itself, and put into one order afterwards."""
