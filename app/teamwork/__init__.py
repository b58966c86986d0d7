"""Working together on what came in: who does what, who has it open, what colleagues should know, by which rules."""
