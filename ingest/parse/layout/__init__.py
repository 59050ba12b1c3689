"""A PDF page understood: words, columns, tables, lines, and the structure over all pages."""
