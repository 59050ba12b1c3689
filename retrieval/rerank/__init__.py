"""A second look at the best candidates of a search."""
