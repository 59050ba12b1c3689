"""What a library is: documents, passages, citations, access sets, and the ports its readers share."""
