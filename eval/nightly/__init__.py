"""The nightly run: suites, judge, drift and staleness, its history, and one page that says whether it was fine."""
