"""Trains the selector: a small cross-encoder that reads a question and a sentence together."""
