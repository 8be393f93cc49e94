"""How many tokens a text is for a chat model: tiktoken where its vocabulary is at hand.

tiktoken would download a vocabulary on first use, without a timeout. Nothing but the configured
model server is ever contacted, so this module never lets it: it looks for the vocabulary in
tiktoken's own cache (``TIKTOKEN_CACHE_DIR``, ``DATA_GYM_CACHE_DIR``, else ``data-gym-cache`` in the
temporary folder), checks its hash, and without it estimates, saying so once in the log. To get
exact counts, let tiktoken fill its cache once where a network may be used.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

_logger = logging.getLogger(__name__)

_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/"
_VOCABULARIES = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
"""sha256 of each vocabulary's file (tiktoken_ext/openai_public.py)."""
_NEWEST = "o200k_base"
_LONGEST = 100_000  # characters; tiktoken is slow on long runs without spaces

_QUARTERS = (
    (re.compile(r"[0-9]"), 1),
    (re.compile(r"[!-/:-@\[-`{-~]"), 2),
    (re.compile(r"[\u0080-\u07ff]"), 1),
    (re.compile(r"[\u0800-\uffff]"), 4),
    (re.compile(r"[\U00010000-\U0010ffff]"), 9),
)
"""What a character of a kind counts beside the fourth of a token that every one does."""


def count_llm_tokens(text: str, model: str) -> int:
    """Return the number of tokens of a text for a chat model.

    Exact for OpenAI's models when their vocabulary is in tiktoken's cache. For other models the
    newest of these vocabularies stands in. Without it, and for texts over 100,000 characters, the
    count is estimated, rather too high than too low. Never uses the network.

    Args:
        text: the text; special tokens in it count as text.
        model: the model's name, with or without ``provider:``.
    """
    encoding = _encoding(_encoding_name(model)) if len(text) <= _LONGEST else None
    return estimate_tokens(text) if encoding is None else len(encoding.encode_ordinary(text))


def estimate_tokens(text: str) -> int:
    """Return an estimate of a text's tokens: a fourth of its characters, more for tables, scripts.

    A digit counts a half, punctuation three fourths; a character of two bytes in UTF-8 (Cyrillic,
    Greek, Arabic, accents) a half, of three bytes (Chinese, Japanese, Korean, Indic scripts) one
    and a fourth, of four (emoji) two and a half.
    """
    quarters = len(text) + sum(more * len(kind.findall(text)) for kind, more in _QUARTERS)
    return -(-quarters // 4)


def _encoding_name(model: str) -> str:
    from tiktoken.model import encoding_name_for_model

    provider, _, name = model.partition(":")
    try:  # ft:gpt-4o:… is a name of OpenAI's
        return encoding_name_for_model(model if provider == "ft" else name or model)
    except KeyError:
        return _NEWEST


@cache
def _encoding(name: str) -> Encoding | None:
    """Return an encoding, or None when its vocabulary is not in the cache."""
    vocabulary = "o200k_base" if name == "o200k_harmony" else name
    if not _is_cached(vocabulary):
        _logger.info(
            "The vocabulary %s is not in tiktoken's cache: tokens are estimated.", vocabulary
        )
        return None
    import tiktoken

    return tiktoken.get_encoding(name)


def _is_cached(vocabulary: str) -> bool:
    """Say whether tiktoken will find the file, and find it whole: else it would download it."""
    expected = _VOCABULARIES.get(vocabulary)
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    if folder is None:
        folder = os.path.join(tempfile.gettempdir(), "data-gym-cache")
    if expected is None or folder == "":  # an empty name turns tiktoken's cache off
        return False
    address = f"{_ADDRESS}{vocabulary}.tiktoken"
    path = Path(folder) / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == expected
    except OSError:
        return False
