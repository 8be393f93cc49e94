"""The version of the program, in a file of its own so that every layer may name it."""

__version__ = "0.2.0"
