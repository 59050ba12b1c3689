"""The door to LlamaIndex: Aether's encoder, index, search and chunker as the interfaces that LlamaIndex knows.

Nothing in Aether's own path comes through here; importing a module of this room imports `llama_index.core`.
"""
