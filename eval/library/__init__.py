"""The binary documents of the bundled library: their sources in Markdown and TOML, and how each format is written."""
