"""Yanlu (言路): intake, screening, assignment and answering of public comments on draft government documents."""
