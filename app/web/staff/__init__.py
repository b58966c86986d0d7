"""The staff's side: every route asserts a permission, every form carries the session's token."""
