"""Cases out of a corpus, without a model: proposed by rules, each with its gold span, and reviewed by a person."""
