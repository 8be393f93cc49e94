"""The recipes of the retrieval weights and of the reader. See ``training/README.md``."""
