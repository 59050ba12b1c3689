"""Rules on whose word it is that an answer gives."""
