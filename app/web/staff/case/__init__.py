"""The page of one submission: one module and one partial of templates/staff/case for each concern."""
