"""One of several things of the answer before, picked by its number: "the second one", "[2]".

Used by ``follow_up``.
"""

from __future__ import annotations

import re

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.mentions import find_mentions
from chatbot.answering.follow_up_rules.question_shape import strip_end
from chatbot.answering.follow_up_rules.references import add_hints
from chatbot.answering.follow_up_rules.topics import clause_of
from chatbot.answering.follow_up_rules.words import is_verb, split_words

_PICK = re.compile(
    r"(?:the |number |option |point |item |no\.? ?)+(?P<word>first|second|third|fourth|fifth|last|"
    r"former|latter|\d)(?: (?:one|option|point|item|thing|answer|sentence))?|\[(?P<marker>\d+)\]",
    re.IGNORECASE,
)


def resolve_pick(text: str, context: Context) -> str | None:
    """Replace "the second one" or "[2]" by the thing of that number in the answer before."""
    found = _PICK.search(text)
    items = context[0].items
    if found is None or len(items) < 2 or not _stands_for_a_thing(text, found):
        return None
    word = (found["word"] or found["marker"] or "").lower()
    index = lists.NUMBERS.get(word, int(word) - 1 if word.isdigit() else 0)
    if index >= len(items) or (word == "0"):
        return None
    item = strip_end(" ".join(items[index].split()[:20]))
    lone = all(
        w.low in lists.FUNCTION_WORDS | lists.FIRST_WORDS | {"tell", "explain", "take", "want"}
        for w in split_words(text[: found.start()] + text[found.end() :])
    )
    if lone:
        return add_hints(item, [clause_of(context[0].question)])
    words = split_words(item)
    if len(words) > 6 or any(is_verb(words, i) for i in range(len(words))):
        item = next((m.text for m in find_mentions(item)), item)
    if item.startswith(("The ", "A ", "An ")):
        item = item[0].lower() + item[1:]
    return text[: found.start()] + item + text[found.end() :]


def _stands_for_a_thing(text: str, found: re.Match[str]) -> bool:
    """Whether no noun follows: "the second one" and "the latter", not "the second war"."""
    if found["marker"] or re.search(r"\bone$", found[0], re.IGNORECASE):
        return True
    following = split_words(text[found.end() :])
    if found["word"].isdigit() and "number" in found[0].lower():
        return not following
    return not following or following[0].low in lists.AUXILIARIES | {"please"}
