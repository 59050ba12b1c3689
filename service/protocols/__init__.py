"""Protocols: what a principal engineer does beside answering, each a function over the library and one request."""
