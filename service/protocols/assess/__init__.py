"""The current state of a system: the figures that the library states of it, and those that nobody has stated."""
