"""Where texts come from: the sample corpus, the national database."""
