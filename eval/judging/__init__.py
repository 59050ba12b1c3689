"""Judges: what ragas asks a language model, answered by rules of ours, by an endpoint, or from a recording."""
