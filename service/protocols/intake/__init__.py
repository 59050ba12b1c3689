"""A new initiative taken in: what it states, what it leaves open, and how mature the ground is that it stands on."""
