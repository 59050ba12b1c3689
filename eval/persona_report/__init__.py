"""What the persona's rules say of many answers."""
