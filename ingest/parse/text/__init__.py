"""The formats that are text: their canonical text is the file itself (of notebooks, their cells)."""
