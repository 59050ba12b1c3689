"""How a source stands: its tier, whether it is in force, what took its place, and where sources disagree."""
