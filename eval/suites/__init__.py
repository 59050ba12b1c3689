"""Suites: what is asked, and what a good answer is known to rest on. As data: TOML, JSONL, and adapters for others'."""
