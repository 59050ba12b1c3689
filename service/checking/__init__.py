"""What another wrote, held against the documents: a text sentence by sentence, a saved answer citation by citation."""
