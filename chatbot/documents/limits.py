"""The limits of what is read, and why each is what it is. Plain numbers.

A user's own computer reads these files, often while it answers other people, so a hostile or broken
file must cost a bounded amount of time and memory and must fail alone.
"""

from __future__ import annotations

MAX_FILE_BYTES = 10_000_000
"""Bytes of a file as it is."""
MAX_TEXT_CHARS = 2_000_000
"""Characters of text: about 4,000 printed pages. Beyond this, split the document."""
MAX_PAGES = 2_000
MAX_MEMBERS = 500
"""Files in an archive or an e-mail that are read."""
MAX_UNPACKED_BYTES = 100_000_000
"""Bytes that a docx (a zip file) may unpack to."""
MAX_UNPACK_RATIO = 100
"""How many times its size a docx may unpack to; honest ones stay below 30."""
RATIO_FREE_BYTES = 10_000_000
"""Below this the ratio does not matter: a small file of repeated text packs very well."""
MAX_TITLE_CHARS = 200
MAX_SOURCE_CHARS = 1_000

PARSE_SECONDS = 30
"""Wall clock and processor time for one pdf, docx or html file."""
PARSE_MEMORY_BYTES = 1_500_000_000
"""Address space of the process that parses: the libraries take .2 GB of it, 10 MB of html .6 GB."""
RECOGNITION_SECONDS = 900
"""Wall clock and processor time for pictures: a full page takes 10 seconds of one core."""
RECOGNITION_MEMORY_BYTES = 3_000_000_000
"""Address space of the process that reads the words in pictures; .8 GB of it are used."""
MAX_RECOGNISED_PAGES = 60
MAX_PIXELS = 60_000_000
"""The pixels of a picture: 7,000 by 8,500 is a large page scanned at 800 dots an inch."""
FILES_PER_WORKER = 50
"""Files after which a parsing process is replaced, so that what leaks in it does not add up."""
MAX_WORKERS = 2
"""Parsing processes at a time: one slow file does not stop the other readers."""
