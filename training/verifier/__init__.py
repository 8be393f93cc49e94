"""How the verifier's weights were made; see training/README.md."""
