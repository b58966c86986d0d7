"""Drafts and their versions: reading a policy document into clauses with their responsible departments."""
