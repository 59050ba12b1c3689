"""A proposal against the standard lens, and against what the library has decided, measured and suffered."""
