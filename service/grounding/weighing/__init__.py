"""The support check that weighs words, numbers, names and token vectors together."""
