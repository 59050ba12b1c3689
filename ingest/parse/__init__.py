"""One module a format: bytes -> `Parsed`. `registry.py` knows which parser reads which file."""
