"""What runs a model: the embedder, the reader, the verifier, the chat model, and token counts."""
