"""Referrals: what goes to another body, kept from everybody else here (转办、线索移交、紧急)."""
