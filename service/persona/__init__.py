"""The persona as rules that a program checks: P0 to P22, each a named checker over an answer."""
