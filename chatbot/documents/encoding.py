"""Turns bytes into text: finds the encoding and counts what could not be read.

Order: byte order mark, UTF-8, an encoding that the html declares, UTF-16 without a mark, Japanese
7-bit, UTF-8 with a few broken bytes, the Western Windows encoding, then what charset-normalizer
thinks. Knows no file format beyond the declaration it is handed.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import NamedTuple

_SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = re.compile(
    r"utf-?(8|16|32)|iso-?8859|iso-?2022|cp\d|windows|shift|euc|gb|big5|koi8|mac|latin|tis|johab|ascii",
    re.IGNORECASE,
)
_WESTERN_SIGNS = frozenset("‘’“”‚„«»‹›–—…•·€£¥¢§¶©®™°±²³¹½¼¾×÷µªº¿¡†‡\u00a0\u00ad")
_WESTERN_ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüßé",  # German
        "áéíóúüñçàèòï",  # Spanish, Catalan
        "áâãàçéêíóôõúü",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "åäöæøéèüá",  # Danish, Norwegian, Swedish, Finnish
        "áéíóúýþæöð",  # Icelandic
        "éëïóöüèáà",  # Dutch
    )
)
_IN_WORD_SIGN = re.compile("[a-z][²³¹ªº¿¡¼½¾×÷±][a-z]")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


class DecodedText(NamedTuple):
    """Text, and what the user should know of how it was read, one sentence each."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str = "") -> DecodedText:
    """Return the text of ``data``; what fits no character becomes U+FFFD and is counted.

    Args:
        data: the bytes of a text file.
        declared: an encoding that the file itself names (html); used if it is a known one.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decoded(data, name)
    if b"\x1b$" in data and (sevenbit := _strict(data, "iso2022_jp")):
        return DecodedText(text=sevenbit)
    text = _strict(data, "utf-8")
    if text is not None and "\x00" not in text[:_SAMPLE]:
        return DecodedText(text=text)
    if declared and _is_known(declared):
        return _decoded(data, declared)
    wide = wide_name(data[:_SAMPLE])
    if wide:
        return _decoded(data, wide)
    if text is not None or _is_broken_utf8(data):
        return _decoded(data, "utf-8")
    return _decoded(data, _guess(data), guessed=True)


def _strict(data: bytes, name: str) -> str | None:
    with suppress(UnicodeDecodeError):
        return data.decode(name)
    return None


def _is_known(name: str) -> bool:
    with suppress(LookupError):  # "zip" and "unicode_escape" are no encodings of documents
        return _NAMES.match(name) is not None and bool(codecs.lookup(name))
    return False


def wide_name(sample: bytes) -> str:
    """Return the name of UTF-16 without a mark, whose every other byte is NUL in Western text."""
    half = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _is_broken_utf8(data: bytes) -> bool:
    """Say whether nearly all bytes above ASCII form UTF-8 characters."""
    rest, characters = _UTF8_SEQUENCE.subn(b"", data)
    broken = len(rest) - len(rest.translate(None, bytes(range(128, 256))))
    return characters > 4 * broken


def _guess(data: bytes) -> str:
    """Guess the encoding of text that is not Unicode."""
    sample = data[:_SAMPLE]
    if _looks_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None and _is_known(best.encoding) else "cp1252"


def _looks_western(sample: bytes) -> bool:
    """Say whether it is ASCII with the accents of one Western language and curly quotes.

    The detector is weak on text with few of them and then names any of thirty encodings. Polish or
    Czech read as cp1252 would show letters that no one Western language has together.
    """
    text = _strict(sample, "cp1252")
    if text is None or _IN_WORD_SIGN.search(text):
        return False
    high = [char for char in text.lower() if char > "\x7f" and char not in _WESTERN_SIGNS]
    if len(high) < 0.01 * len(text):
        return all(any(char in alphabet for alphabet in _WESTERN_ALPHABETS) for char in high)
    used = set(high)
    return len(high) < 0.3 * len(text) and any(used <= letters for letters in _WESTERN_ALPHABETS)


def _decoded(data: bytes, name: str, *, guessed: bool = False) -> DecodedText:
    text = data.decode(name, errors="replace")
    name = name.lower().removesuffix("-sig")
    warnings = []
    if guessed:
        warnings.append(f"The file does not say its encoding; it was read as {name}.")
    if replaced := text.count("\ufffd"):
        places = f"{replaced:,} place{'s' * (replaced != 1)}"
        warnings.append(f"The text has {places} that could not be read as {name}.")
    return DecodedText(text=text, warnings=tuple(warnings))
