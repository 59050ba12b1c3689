"""Questions that follow each other: what they lean on, what the reader newly says, and what that changes."""
