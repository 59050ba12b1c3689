"""Others' evaluation sets, one reader a set. They are read from where they lie and never committed."""
