"""One module for each file format: bytes in, ``Content`` out. Used by ``load`` and ``worker``."""
