"""What the parsers of extracted formats share: text and blocks under construction, tables, what is visible."""
