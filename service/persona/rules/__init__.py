"""The rules, by what they look at. Each is a pure function from a manuscript to a finding."""
