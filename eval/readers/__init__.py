"""Plain readers of other formats, to compare our parsers with."""
