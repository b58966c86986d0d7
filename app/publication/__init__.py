"""Making edited suggestions public, and telling a person what became of what they wrote."""
