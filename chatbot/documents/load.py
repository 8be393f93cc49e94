"""Files, bytes and texts become parsed documents: the front door of the package.

Text is read in this process: the code is ours and runs in linear time. Other formats need large
libraries and are read in a process with limits (``isolation``).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from chatbot.documents.blocks import Content
from chatbot.documents.chunks import TokenCounter, chunk_sentences
from chatbot.documents.cleaning import clean_name, clean_title
from chatbot.documents.files import check_size, read_file
from chatbot.documents.isolation import parse_isolated
from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.plain import plain_content
from chatbot.documents.sentences import split_content
from chatbot.documents.sniff import check_content, kind_of, kind_of_content
from chatbot.errors import UnreadableFile
from chatbot.types import Document, ParsedDocument

LOADER_VERSION = "7"
"""Raised when a file would give another text or other sentences than before."""


def load_file(path: Path, *, count_tokens: TokenCounter) -> ParsedDocument:
    """Read a file from the disk.

    Args:
        path: a file of one of the formats in ``loaders``.
        count_tokens: the embedder's counter, for the size of chunks.

    Raises:
        UnsupportedFile: if no loader reads its suffix, or its content is something else.
        UnreadableFile: if it is missing, empty, encrypted, damaged, binary or no regular file.
        FileTooLarge: if it is over a limit of bytes, characters, pages, memory or time.
    """
    source = clean_name(str(path))
    data = read_file(path)
    return _load(data, name=source, kind=kind_of(source), stem=path.stem, count_tokens=count_tokens)


def load_bytes(data: bytes, *, name: str, count_tokens: TokenCounter) -> ParsedDocument:
    """Read the content of a file that has no path here: an upload, standard input.

    Args:
        data: the bytes of the file.
        name: its name, which becomes the source; the suffix says how to read it. Without a suffix
            the bytes themselves say it.
        count_tokens: the embedder's counter, for the size of chunks.

    Raises:
        DocumentError: as ``load_file``.
    """
    source = clean_name(name) or "text"
    check_size(len(data), name=source)
    path = PurePath(source)
    kind = kind_of(source) if path.suffix else kind_of_content(data)
    return _load(data, name=source, kind=kind, stem=path.stem, count_tokens=count_tokens)


def parse_text(text: str, *, title: str, source: str, count_tokens: TokenCounter) -> ParsedDocument:
    """Read a text that is given as a string; it is treated like a txt file."""
    name = clean_title(title) or clean_title(source) or "The text"
    content = replace(plain_content(text, name=name), title=name, source=clean_name(source))
    return _finish(content, kind="text", name=name, count_tokens=count_tokens)


def _load(
    data: bytes, *, name: str, kind: str, stem: str, count_tokens: TokenCounter
) -> ParsedDocument:
    if not data.strip(b" \t\r\n\x00"):
        raise UnreadableFile(f"{name} is empty.")
    check_content(data, name=name, kind=kind)
    loader = LOADERS[kind]
    read = partial(parse_isolated, kind=kind) if loader.isolated else loader.load
    content = read(data, name=name)
    content = replace(
        content,
        title=clean_title(content.title) or clean_title(stem) or name,
        source=clean_name(content.source) or name,
    )
    parsed = _finish(content, kind=kind, name=name, count_tokens=count_tokens)
    return replace(parsed, original=data) if loader.pages else parsed


def _finish(
    content: Content, *, kind: str, name: str, count_tokens: TokenCounter
) -> ParsedDocument:
    sentences = split_content(content)
    if not any(any(char.isalnum() for char in sentence.text) for sentence in sentences):
        raise UnreadableFile(f"{name} contains no text.")
    document = Document(
        id=hashlib.sha256(content.text.encode()).hexdigest(),
        title=content.title,
        source=content.source,
        kind=kind,
        text=content.text,
        sentence_count=len(sentences),
        warnings=content.warnings,
    )
    return ParsedDocument(
        document=document, sentences=sentences, chunks=chunk_sentences(sentences, count_tokens)
    )
