"""How sources stand to one another, measured."""
