"""FILE -> INDEX: discover, parse, chunk, embed, write."""
