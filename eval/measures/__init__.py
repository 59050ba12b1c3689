"""Measures: named values over the records of a run, each defined once, with its formula and its source."""
