"""How a proposal may fail, told from what failed before and from what other documents foresee."""
