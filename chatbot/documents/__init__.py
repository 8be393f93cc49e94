"""Documents: a file or a text becomes a ``ParsedDocument`` with exact sentences and chunks.

Knows file formats and sentences; knows no model and no store. Parsers are imported when a file
needs them.
"""

from __future__ import annotations

from chatbot.documents.files import find_files, shown_path
from chatbot.documents.isolation import PAGED_KINDS, page_picture, page_sizes, sentence_boxes
from chatbot.documents.limits import MAX_FILE_BYTES, MAX_PAGES
from chatbot.documents.load import LOADER_VERSION, load_bytes, load_file, parse_text
from chatbot.documents.loaders import SUPPORTED_SUFFIXES
from chatbot.documents.sentences import sentence_spans

__all__ = [
    "LOADER_VERSION",
    "MAX_FILE_BYTES",
    "MAX_PAGES",
    "PAGED_KINDS",
    "SUPPORTED_SUFFIXES",
    "find_files",
    "load_bytes",
    "load_file",
    "page_picture",
    "page_sizes",
    "parse_text",
    "sentence_boxes",
    "sentence_spans",
    "shown_path",
]
