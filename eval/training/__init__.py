"""The models that ship are trained here, each by one command, seeded and resumable."""
