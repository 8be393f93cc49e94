"""Changes to a true sentence that leave it true.

Each function takes a sentence and a random source and returns the changed sentence, or None where
it does not apply. Knows no documents beyond the words it is given.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.verifier.changes import STARTS, replace
from training.verifier.names import NUMBER_WORDS


def shorten(sentence: str, source: random.Random) -> str | None:
    """Leave out a parenthesis, an opening phrase or the last clause: what is left stays true."""
    ways = [
        re.sub(r"\s*\([^()]*\)", "", sentence),
        re.sub(
            r"^(?:In|On|At|During|After|Before|By|Since|For|From|With|As) [^,]{3,60}, ",
            "",
            sentence,
        ),
        re.sub(
            r", (?:which|who|where|when|while|although|including|such as|according to)\b[^,]*(?=[.,])",
            "",
            sentence,
            count=1,
        ),
        re.sub(
            r",? (?:but|because|so that|while|although|whereas|as well as)\b[^.]*(?=\.)",
            "",
            sentence,
            count=1,
        ),
        re.sub(
            r", [^,]{5,60}, (?=(?:is|was|were|are|has|had|will|said)\b)", " ", sentence, count=1
        ),
        re.sub(
            r",? and (?:was|is|were|are|has|had|will|then|later)\b[^.]*(?=\.)",
            "",
            sentence,
            count=1,
        ),
        re.sub(
            r" (?:in|on|at|by|for|from|during|with|after|before|between) [^,.]{3,50}(?=\.$)",
            "",
            sentence,
        ),
    ]
    changed = [
        way[:1].upper() + way[1:] for way in ways if way != sentence and len(way.split()) >= 4
    ]
    if not changed or re.search(r"\b(?:if|unless|not only|claim|alleg|rumou?r)", sentence):
        return None
    return source.choice(changed)


def move(sentence: str, source: random.Random) -> str | None:
    """Move an opening "In 1999," to the end."""
    del source
    match = re.match(
        r"((?:In|On|At|During|After|Before|Since|By) [^,]{3,60}), (.+?)([.!]?)$", sentence
    )
    if match is None:
        return None
    opening, rest, stop = match.groups()
    if (
        not rest.startswith(("the ", "a ", "an ", "he ", "she ", "it ", "they ", "there "))
        and rest[0].islower()
    ):
        return None
    return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}{stop}"


def near_words(groups: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Return for each word of the groups the others of its groups."""
    near: dict[str, list[str]] = {}
    for group in groups:
        for word in group:
            near.setdefault(word, []).extend(other for other in group if other != word)
    return near


def reword(sentence: str, source: random.Random, near: dict[str, list[str]]) -> str | None:
    """Put near words in the place of up to three words."""
    found = [m for m in re.finditer(r"\b[a-z]{3,}\b", sentence) if m.group() in near]
    if not found:
        return None
    for match in sorted(
        source.sample(found, min(len(found), source.randint(1, 3))), key=lambda m: -m.start()
    ):
        sentence = replace(sentence, match, source.choice(near[match.group()]))
    return sentence


def respell(sentence: str, source: random.Random) -> str | None:
    """Write a number in another way: 12 as twelve, 1,000 as 1000, 5% as 5 percent."""
    ways = []
    for match in re.finditer(r"(?<![\d.,$€£])\b(\d{1,2})\b(?![\d.,%:/-])", sentence):
        if int(match.group()) <= 20:
            ways.append(replace(sentence, match, NUMBER_WORDS[int(match.group())]))
    for match in re.finditer(r"\b\d{1,3}(?:,\d{3})+\b", sentence):
        ways.append(replace(sentence, match, match.group().replace(",", "")))
    for match in re.finditer(r"(?<=\d)\s?%", sentence):
        ways.append(replace(sentence, match, " percent"))
    for match in re.finditer(rf"\b(?:{'|'.join(NUMBER_WORDS[2:])})\b", sentence):
        ways.append(replace(sentence, match, str(NUMBER_WORDS.index(match.group()))))
    return source.choice(ways) if ways else None


def introduce(sentence: str, source: random.Random) -> str:
    """Put "According to the article," before a sentence."""
    opening = source.choice(
        ("According to the article, ", "The article says that ", "Based on the given passages, ",
         "According to the text, ", "The documents state that ", "Yes, ", "In short, ")
    )  # fmt: skip
    first = sentence.split(" ", 1)[0]
    lower = first in STARTS or first in {
        "In",
        "On",
        "At",
        "A",
        "An",
        "It",
        "He",
        "We",
        "As",
        "By",
        "If",
        "To",
    }
    return opening + (sentence[0].lower() + sentence[1:] if lower else sentence)


def join(first: str, second: str, source: random.Random) -> str:
    """Join two sentences into one."""
    link = source.choice((", and ", ", while ", "; ", " and ", ", and "))
    word_ = second.split(" ", 1)[0]
    lower = word_ in STARTS or word_ in {"In", "On", "At", "A", "An", "It", "He", "We", "As", "By"}
    second = second[0].lower() + second[1:] if lower else second
    return first.rstrip(" .!") + link + second
