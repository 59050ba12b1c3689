"""The full form of an answer: seven sections, filled from evidence by facet."""
