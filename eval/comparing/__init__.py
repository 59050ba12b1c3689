"""Comparison of runs: intervals, flipped cases, causes, and the gate that a regression does not pass."""
