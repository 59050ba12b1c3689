"""Who calls, what they may do and see, and what is remembered of it."""
