"""QUESTION -> ANSWER: protocols, composers, the sentence contract, and the doors (CLI, API)."""
