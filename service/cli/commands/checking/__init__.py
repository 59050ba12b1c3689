"""What another wrote, held against the documents, as commands."""
