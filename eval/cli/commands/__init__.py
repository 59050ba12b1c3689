"""What the commands of `aether-eval` do."""
