"""The sentence contract: what a sentence must pass before it leaves the process."""
