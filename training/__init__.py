"""`python -m training` makes the shipped encoder and ranker from the texts and questions."""
