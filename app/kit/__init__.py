"""What every area stands on: database, clock, errors, identifiers, cryptography, forms. No domain word."""
