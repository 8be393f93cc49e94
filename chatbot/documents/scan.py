"""Cuts one block of prose into sentences: finds the terminators and asks ``boundaries`` about each.

One pass from left to right with a regular expression; what is looked at around a terminator is
bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from syntok.segmenter import segment
from syntok.tokenizer import Tokenizer

from chatbot.documents.abbreviations import STARTERS
from chatbot.documents.boundaries import Stop, is_boundary

_STOPS = ".!?…‽⁇⁈⁉‼؟۔।॥։።。！？｡．"
_OPEN = "([（［"
_CLOSE = ")]）］"
# One plain character class: five times as fast as alternatives with names.
_EVENTS = re.compile(rf"[{_STOPS}(\[（［)\]）］\"`']")
_MARK = re.compile(rf"\.(?:[ \u00a0]?\.){{2,}}…?|[{_STOPS}]+")
_CLOSERS = re.compile(
    r"(?:''|[\"'’”»)\]}）］】」』〉》＂†‡]|\*{1,3})*(?:[ \u00a0\u202f](?:»|”|''(?!\w)))?"
    r"(?:\[\d{1,4}(?:[,–-] ?\d{1,4})*\])*"
)
_FOOTNOTE = re.compile(r"\d{1,3}(?=\s+[A-Z“\"])")
_MARKERS = re.compile(r"(?:\s*\[\d{1,4}(?:, ?\d{1,4})*\]|\s+\([^()\n.!?…]{1,40}\))+(?=\s|$)")
"""Citations that follow the full stop: "[1] [2]", "(Passage 3)", "(Reuters)"."""
_EMOJI = r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55][\uFE0F\u200D]*"
_TRAILING_EMOJI = re.compile(rf"\s*(?:{_EMOJI}\s?)*{_EMOJI}(?=\s|$)")
_STARTS_WITH_EMOJI = re.compile(_EMOJI)
_GLUED_START = re.compile(r"[A-Z][a-z]*\b")
_SPACE = re.compile(r"\s*")
_WIDE = frozenset("。！？｡．")
_CJK_GOES_ON = re.compile(
    r"[とっなをにのがはもでかよね、，,」』）)”’]"
    r"|[^。！？“「]{0,10}?(?:说|道|表示|问|称|指出|写道|說|問)[。，！？:：,]"
)
_WORD_OPENERS = "\"'“”‘’„«»([{*_`¿¡「『（《—–-"

_LOOK_BACK = 80
_LOOK_AHEAD = 160
_BRACKET_REACH = 300
_LEAD_IN = 40

# Of the windows that syntok reads.
_BEFORE = 300
_WINDOW = 2000
_AFTER = 200
_BRACKETS = re.compile(r"[(\[{⟨（［｛]")


def behind_space(text: str, start: int, end: int) -> int:
    """Return the first offset from ``start`` at which there is no whitespace, or ``end``."""
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


class BlockScanner:
    """Finds the sentences of ``text[start:end]``, a block of prose."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._begin = start
        """Where the sentence that is being read begins."""
        self._open_brackets: list[int] = []
        self._in_quote = False
        block = text[start:end]
        self._caseless = block == block.lower() and block != block.upper()
        self._emoji_bullets = _STARTS_WITH_EMOJI.match(block) is not None
        self._votes = _SyntokVotes(text=text, start=start, end=end)

    def ends(self) -> Iterator[int]:
        """Yield the offset behind each sentence that ends inside the block, in order."""
        skip_to = self._start
        for event in _EVENTS.finditer(self._text, self._start, self._end):
            at = event.start()
            if at < skip_to:
                continue
            mark = _MARK.match(self._text, at, self._end)
            if mark is None:
                self._bracket_or_quote(at)
                continue
            skip_to = mark.end()
            end = self._sentence_end(mark)
            if end is not None:
                yield end
                skip_to = end
                self._begin = behind_space(self._text, end, self._end)
                self._open_brackets.clear()

    def _bracket_or_quote(self, at: int) -> None:
        char = self._text[at]
        if char in _OPEN:
            self._open_brackets.append(at)
        elif char in _CLOSE:
            if self._open_brackets:
                self._open_brackets.pop()
        elif char == '"':
            self._in_quote = not self._in_quote
        elif self._text.startswith(char * 2, at):
            self._in_quote = char == "`"

    def _sentence_end(self, event: re.Match[str]) -> int | None:
        text, mark = self._text, event.group()
        closers = _CLOSERS.match(text, event.end(), self._end)
        behind = closers.end() if closers else event.end()
        if (
            self._in_quote
            and text[behind : behind + 2] == ' "'
            and not text[behind + 2 : behind + 3].isalnum()
        ):
            behind += 2  # tokenised text: It is over . "
        if behind >= self._end:
            return None
        if (
            text.startswith("**", self._begin)
            and event.start() - self._begin <= _LEAD_IN
            and ("**" in text[event.end() : behind])
        ):
            return None  # "**Opening hours.** The pool opens at 9."
        if mark[-1] in _WIDE:
            return self._after_wide(event, behind)
        behind = self._absorb(event, behind)
        ahead_at = behind_space(text, behind, self._end)
        if ahead_at >= self._end:
            return None
        if ahead_at == behind:
            return behind if self._glued(event, behind) else None
        verdict = is_boundary(self._stop(event, behind, ahead_at))
        if verdict is None:
            verdict = self._votes.splits(behind, ahead_at)
        if verdict and '"' in text[event.end() : behind]:
            self._in_quote = False
        return behind if verdict else None

    def _absorb(self, event: re.Match[str], behind: int) -> int:
        """Move behind footnote numbers, citation markers and emoji that belong to the sentence."""
        text = self._text
        if (
            event.group() == "."
            and behind == event.end()
            and text[behind - 2 : behind - 1].islower()
        ):
            footnote = _FOOTNOTE.match(text, behind, self._end)
            if footnote:
                behind = footnote.end()
        markers = _MARKERS.match(text, behind, self._end)
        if markers:
            behind = markers.end()
        emoji = None if self._emoji_bullets else _TRAILING_EMOJI.match(text, behind, self._end)
        return emoji.end() if emoji else behind

    def _after_wide(self, event: re.Match[str], behind: int) -> int | None:
        """CJK stops need no space behind them; "。」と言った" goes on."""
        text = self._text
        if event.group() == "．" and text[behind : behind + 1].isdigit():
            return None
        if behind > event.end():
            if _CJK_GOES_ON.match(text, behind_space(text, behind, self._end), self._end):
                return None
        return behind

    def _glued(self, event: re.Match[str], behind: int) -> bool:
        """Split "in Italy.The ministers" but not "Node.js", "U.S.A" or "3.5"."""
        text = self._text
        before = text[max(self._begin, event.start() - 2) : event.start()]
        word = _GLUED_START.match(text, behind, self._end)
        return (
            len(before) == 2
            and before.isalpha()
            and before.islower()
            and word is not None
            and len(word.group()) > 1
            and word.group().lower() in STARTERS
        )

    def _stop(self, event: re.Match[str], behind: int, ahead_at: int) -> Stop:
        text = self._text
        low = max(self._begin, event.start() - _LOOK_BACK)
        before = text[low : event.start()].split()
        word = before[-1].lstrip(_WORD_OPENERS) if before else ""
        word = word.rpartition("-")[2] or word  # "Trinity-St. Paul's"
        opens = len(before) == 1 and low == self._begin
        closers = text[event.end() : behind]
        return Stop(
            mark=event.group(),
            closers=closers,
            word=word,
            previous=before[-2] if len(before) > 1 else "",
            opens=opens,
            block_opens=opens and self._begin == self._start,
            nested=self._is_nested(closers, behind),
            spaced=text[event.start() - 1 : event.start()].isspace(),
            caseless=self._caseless,
            ahead=text[ahead_at : min(self._end, ahead_at + _LOOK_AHEAD)],
            last_words=self._end - ahead_at <= _LOOK_AHEAD,
        )

    def _is_nested(self, closers: str, behind: int) -> bool:
        inner = [at for at in self._open_brackets[-3:] if at > self._begin + 1]
        if not inner:
            return False
        if any(bracket in closers for bracket in _CLOSE):
            return True
        reach = min(self._end, behind + _BRACKET_REACH)
        return any(self._text.find(b, behind, reach) >= 0 for b in _CLOSE)


@dataclass(slots=True)
class _SyntokVotes:
    """syntok's sentence starts of one block: the vote where our own rules have no opinion.

    syntok knows the abbreviations of three languages and many habits of writing, but it reads token
    by token (.5 MB/s) and needs long for text full of brackets. So it is asked only about doubtful
    places, in windows, and never twice about the same text: the work stays linear.
    """

    text: str
    start: int
    end: int
    _low: int = 0
    _high: int = -1
    _starts: frozenset[int] = field(default_factory=frozenset)
    _tokenizer: Tokenizer = field(default_factory=lambda: Tokenizer(replace_not_contraction=False))

    def splits(self, before: int, after: int) -> bool:
        """Say whether syntok begins a sentence between the offsets ``before`` and ``after``.

        Offsets must not decrease from one call to the next.
        """
        if not self._low <= before < self._high:
            self._read(before)
        return any(position in self._starts for position in range(before, after + 1))

    def _read(self, offset: int) -> None:
        low = max(self.start, offset - _BEFORE)
        high = min(self.end, offset + _WINDOW)
        window = self.text[low:high]
        self._low = offset
        self._high = high - _AFTER if high < self.end else high + 1
        if len(_BRACKETS.findall(window)) * 20 > len(window):
            self._starts = frozenset()  # syntok looks 50 tokens ahead at every bracket
            return
        sentences = segment(self._tokenizer.tokenize(window))
        self._starts = frozenset(low + sentence[0].offset for sentence in sentences if sentence)
