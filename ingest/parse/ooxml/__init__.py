"""Office packages opened safely and read: Word, PowerPoint, Excel."""
