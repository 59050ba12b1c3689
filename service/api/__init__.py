"""The HTTP door: one FastAPI app over the engine."""
