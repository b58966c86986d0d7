"""Copies and near-copies of comments (内容相同意见): found by machine, put right by people, decided by people."""
