"""How often a network tries something, known to all processes: counted by each, exchanged through the store."""
