"""Faults on one machine while comments come in; `chaos.ha` does the same to several."""
