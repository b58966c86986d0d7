"""A department's own office: its answer templates, how it finalises answers, answering many at once, its workbooks."""
