"""QUESTION -> EVIDENCE: encode, search, fuse, select. Never calls a language model."""
