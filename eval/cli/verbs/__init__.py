"""The commands of `aether-eval`, each group in a module."""
