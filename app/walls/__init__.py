"""The second wall between departments: row-level security of PostgreSQL, under what the routes and queries do."""
