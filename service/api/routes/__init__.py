"""The paths of the HTTP door, a module a noun."""
