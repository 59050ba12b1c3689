"""Quantities: how units relate, how numbers are spelt, how two of them compare."""
