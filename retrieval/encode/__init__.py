"""Text to vectors: the shipped int8 encoder, sentence-transformers by name, and BM25 term weights."""
