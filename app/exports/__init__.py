"""What left the house, on whose hand and about whom, and the freeze that lets nothing more out."""
