"""Talking about the documents: manners, overviews, and what is in the collection."""
