"""The commands of `aether` as they are typed, by what they are about. What each does is in `commands/`."""
