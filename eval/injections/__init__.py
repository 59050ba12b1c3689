"""Attacks in documents and in questions, and what of them comes out."""
