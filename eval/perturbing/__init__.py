"""How a true sentence is made false: one module a family of changes."""
