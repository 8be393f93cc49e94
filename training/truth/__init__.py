"""The recipes of the two trained networks, reader and verifier; see ``training/README.md``."""
