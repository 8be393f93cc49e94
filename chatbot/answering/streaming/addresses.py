"""Web addresses in a model's answer: one that no offered sentence holds must not become a link.

A planted instruction can make a model write an address with the question or the answer in it, and
many programs turn addresses into links, or fetch them for a preview. Such an address is broken by a
space between its slashes: ``https:/ /…``. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_ADDRESS = 150
"""Characters behind the first slash; a longer address is taken for one that nobody offered."""
_OPEN = re.compile(r"(?:https?|ftp|wss?|file):/\Z", re.IGNORECASE)
_BEGIN = re.compile(r"(?:https?|ftp|wss?|file):/(?=/)", re.IGNORECASE)
_REST = re.compile(rf"/[^\s<>\"'`~\[\](){{}}【】（）［］]{{0,{LONGEST_ADDRESS}}}")
_LONGEST_OPEN = 8  # at least the length of https:/
_ENDS = frozenset(" \t\n)]}>\"'")


def begins_in(line: str, more: str) -> int | None:
    """Return where in ``more``, which comes behind ``line``, an address has its second slash."""
    tail = line[-_LONGEST_OPEN:]
    ends = (found.end() - len(tail) for found in _BEGIN.finditer(tail + more))
    return next((end for end in ends if end > 0), None)


def address_at(
    text: str, at: int, *, line: str, offered: Iterable[str], final: bool
) -> tuple[str, int] | None:
    """Return the rest of an address, as it is to be released, and its end; None to wait for more.

    Args:
        text: what is to be released; the address's second slash is at ``at``.
        at: see above.
        line: what was released of the line; it ends in the scheme and the first slash.
        offered: the sentences that the model was shown.
        final: no more text follows.
    """
    rest = _REST.match(text, at)
    assert rest, "called where an address goes on"
    is_long = len(rest[0]) > LONGEST_ADDRESS
    if rest.end() == len(text) and not final and not is_long:
        return None
    begin = _OPEN.search(line[-_LONGEST_OPEN:])
    address = f"{begin[0] if begin else ''}{rest[0]}".rstrip(".,;:!?")
    whole = not is_long and text[rest.end() : rest.end() + 1] in ("", *_ENDS)
    known = whole and any(address in sentence for sentence in offered)
    # One address may hold another.
    broken = f" {rest[0]}".replace("://", ":/ /")
    return (rest[0] if known else broken), rest.end()


def goes_on(line: str) -> bool:
    """Say whether a slash behind ``line`` is the second one of an address."""
    return _OPEN.search(line[-_LONGEST_OPEN:]) is not None
