"""Takes the marks out of one line of Markdown and leaves the words a reader sees.

Every pattern runs in linear time: none can look past the next mark of its own kind.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from chatbot.documents.loaders.marks import STRUCK, lowered, raised

_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]+)\1(?!`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>")
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*+\)"
_IMAGE = re.compile(r"!\[([^\[\]]*)\]" + _TARGET)
_LINK = re.compile(r"\[([^\[\]]*)\]" + _TARGET)
# Stricter than CommonMark: "5*3 and 4*2" is arithmetic, not emphasis.
_STARS = re.compile(r"(?<![A-Za-z0-9*])\*{1,3}(?=[^\s*])([^*]+?)(?<=\S)\*{1,3}(?![A-Za-z0-9*])")
_UNDERSCORES = re.compile(r"(?<!\w)_{1,3}(?=[^\s_])([^_]+?)(?<=\S)_{1,3}(?!\w)")
_STRIKE = re.compile(r"~~(?=\S)([^~]+?)(?<=\S)~~|<(del|s|strike)>([^<]*)</\2>")
_SHIFT = re.compile(r"<(sup|sub)>([^<]*)</\1>", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]{1,40})\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|"
    r"figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small|span|strike|strong|sub|"
    r"summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br ?/?>|</(?:summary|p|li|td|th|div|h[1-6]|dt|dd)>", re.IGNORECASE)
_STASHED = re.compile("\x00(\\d+)\x00")


def plain_inline(text: str, left_out: Counter[str]) -> str:
    """Return one paragraph of Markdown without its inline marks.

    Code, links, images, emphasis and tags keep their text; escapes and entities are resolved. What
    is struck through is left out and counted, unless it is all there is. The text must be free of
    control characters (``cleaning``), which mark places here.
    """
    kept: list[str] = []

    def keep(literal: str) -> str:
        kept.append(literal)
        return f"\x00{len(kept) - 1}\x00"

    text = _CODE.sub(lambda match: keep(match[2]), text)
    text = _ESCAPE.sub(lambda match: keep(match[1]), text)
    text = _AUTOLINK.sub(lambda match: keep(match[1]), text)
    text = _NOTE_MARK.sub(lambda match: raised(match[1], "[") if match[1].isdigit() else "", text)
    text = _WIKI_LINK.sub(r"\1", text)
    left_out["picture"] += sum(not words.strip() for words in _IMAGE.findall(text))
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    for _ in range(2):  # **bold with *italics* inside**
        text = _STARS.sub(r"\1", text)
        text = _UNDERSCORES.sub(r"\1", text)
    rest, struck = _STRIKE.subn("", text)
    if struck and not rest.strip(" .,;:"):
        rest, struck = STRUCK + _STRIKE.sub(lambda match: match[1] or match[3] or "", text), 0
    left_out["struck-through passage"] += struck
    text = " ".join(rest.split()) if struck else rest
    text = _SHIFT.sub(lambda match: _shifted(match, text), text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _STASHED.sub(lambda match: kept[int(match[1])], text)


def _shifted(match: re.Match[str], text: str) -> str:
    shift = raised if match[1].lower() == "sup" else lowered
    return shift(match[2], text[max(0, match.start() - 1) : match.start()])
