"""The system of record: sources, documents, revisions, passages, vectors, ledger, in one SQLite file."""
