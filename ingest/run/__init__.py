"""The parts of a run: what has to be done, and the doing of it in worker processes."""
