"""How much is risked at which coverage, over questions with and without an answer."""
