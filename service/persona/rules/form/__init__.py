"""Rules on the form of an answer: what leads it, what its sections hold, what it lists as assumed."""
