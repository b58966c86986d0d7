"""Figures for managers: how long each step takes, what waits, and the year's numbers; rolled up beforehand."""
