"""Runs: a suite is asked of the engine that is served, and everything that can be scored later goes into a log."""
