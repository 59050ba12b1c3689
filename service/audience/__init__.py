"""Whom an answer is for, and what comes first for them."""
