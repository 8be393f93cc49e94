"""The recipe of the embedder's weights (training/README.md)."""
