"""Small changes to a true sentence that make it false, or say it of another.

Each function takes a sentence and a random source and returns the changed sentence, or None where
it does not apply. Knows no documents beyond the words it is given.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from training.verifier.names import CITIES, COUNTRIES, DAYS, DEMONYMS, MONTHS, NUMBER_WORDS, PEOPLE
from training.verifier.numbers import find_numbers

Change = Callable[[str, random.Random], str | None]

_AUX = r"(is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)"
_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]+)*")


def replace(sentence: str, match: re.Match[str], new: str) -> str:
    """Put something else in the place of a match."""
    return sentence[: match.start()] + new + sentence[match.end() :]


def number(sentence: str, source: random.Random) -> str | None:
    """Change one number: by a little, by a factor, or by a digit."""
    found = [item for item in find_numbers(sentence) if item.kind != "ordinal"]
    if not found:
        return None
    item = source.choice(found)
    text = sentence[item.start : item.end]
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    if digits is None:
        words = [word for word in NUMBER_WORDS[2:] if word != text.lower()]
        return sentence[: item.start] + source.choice(words) + sentence[item.end :]
    old = digits.group().rstrip(",")
    plain = old.replace(",", "")
    new = _other_number(plain, source, year=item.kind == "year")
    if "," in old and "." not in new:
        new = f"{int(new):,}"
    return (
        sentence
        if new == old
        else sentence[: item.start] + text.replace(old, new, 1) + sentence[item.end :]
    )


def _other_number(plain: str, source: random.Random, *, year: bool) -> str:
    if "." in plain:
        return f"{float(plain) * source.choice((0.5, 0.9, 1.1, 2.0)) + 0.1:.{len(plain.split('.')[1])}f}"
    value = int(plain)
    if year:
        return str(value + source.choice((-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10)))
    steps = [value + 1, value + 2, max(0, value - 1), value * 2, value * 10, value + 10, value // 2]
    return str(source.choice([step for step in steps if step != value] or [value + 1]))


def month(sentence: str, source: random.Random) -> str | None:
    """Change one month or weekday."""
    found = list(re.finditer(rf"\b(?:{'|'.join(MONTHS + DAYS)})\b", sentence))
    if not found:
        return None
    match = source.choice(found)
    names = MONTHS if match.group() in MONTHS else DAYS
    return replace(sentence, match, source.choice([n for n in names if n != match.group()]))


def name(sentence: str, source: random.Random, others: Sequence[str] = ()) -> str | None:
    """Put another name in the place of one: of the same passage where there is one."""
    found = [match for match in _CAPITAL.finditer(sentence) if match.group() not in MONTHS + DAYS]
    if not found:
        return None
    match = source.choice(found)
    words = match.group().split()
    for kinds in (COUNTRIES, CITIES):
        if words[-1] in kinds:
            return replace(sentence, match, source.choice([k for k in kinds if k != words[-1]]))
    fresh = [other for other in others if other not in sentence]
    if fresh and source.random() < 0.6:
        return replace(sentence, match, source.choice(fresh))
    if len(words) == 2 and source.random() < 0.5:
        return replace(sentence, match, f"{words[0]} {source.choice(PEOPLE)}")
    return replace(sentence, match, source.choice(PEOPLE + COUNTRIES + CITIES))


def subject(sentence: str, source: random.Random, others: Sequence[str] = ()) -> str | None:
    """Put another name at the start of the sentence in the place of the one there."""
    match = re.match(r"(?:[A-Z][a-zà-ÿ]{2,})(?: [A-Z][a-zà-ÿ]+)*(?= [a-z])", sentence)
    if match is None or match.group() in STARTS:
        return None
    fresh = [other for other in others if other not in sentence]
    pool = fresh if fresh and source.random() < 0.6 else COUNTRIES + PEOPLE
    return replace(sentence, match, source.choice(pool))


STARTS = frozenset(
    "The This That These Those When While After Before During Since For From With Without However "
    "Although They There Then Each Every Some Many Most Such Other Another Both All Its His Her "
    "Their Our Your You She What Where Why How Because Between Under Over About Also And But Not "
    "One Two Three Once Until Upon Today Here Among Despite Like Only Even Just Now".split()
)


def negate(sentence: str, source: random.Random) -> str | None:
    """Insert or remove a negation."""
    if re.search(r"\bnot\b", sentence):
        return re.sub(r"\b(not) ", "", sentence, count=1)
    found = list(re.finditer(rf"\b{_AUX}\b(?! not|n't)", sentence))
    if found:
        match = source.choice(found)
        word = source.choice(("not", "not", "never"))
        return replace(sentence, match, f"{match.group()} {word}")
    past = re.search(r"(?<=[a-z] )([a-z]{3,}(?:at|ct|nd|nt|rt|st|k|l|w|p|h|r|n))ed\b", sentence)
    return replace(sentence, past, f"did not {past.group(1)}") if past else None


def opposite(sentence: str, source: random.Random, pairs: Sequence[tuple[str, str]]) -> str | None:
    """Put the opposite in the place of a word."""
    both = dict(pairs) | {second: first for first, second in pairs}
    found = [m for m in re.finditer(r"\b[a-z]+\b", sentence) if m.group() in both]
    if not found:
        return None
    match = source.choice(found)
    return replace(sentence, match, both[match.group()])


def word(sentence: str, source: random.Random, vocabulary: dict[str, list[str]]) -> str | None:
    """Put another word with the same ending in the place of a longer lower-case word."""
    found = [m for m in re.finditer(r"\b[a-z]{4,}\b", sentence) if ending(m.group()) in vocabulary]
    if not found:
        return None
    match = source.choice(found)
    new = source.choice(vocabulary[ending(match.group())])
    return None if new == match.group() else replace(sentence, match, new)


def ending(text: str) -> str:
    """Return the ending by which words are held to be of one kind."""
    for suffix in ("ing", "ed", "ly", "ion", "ness", "ment", "ous", "ive", "al", "er", "ies", "s"):
        if text.endswith(suffix):
            return suffix
    return ""


def swap(sentence: str, source: random.Random) -> str | None:
    """Exchange two names."""
    found = list(re.finditer(r"\b[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]+)*", sentence))
    found = [match for match in found if match.group() not in STARTS]
    if len({match.group() for match in found}) < 2:
        return None
    one, other = sorted(source.sample(found, 2), key=lambda match: match.start())
    if one.group() == other.group():
        return None
    between = sentence[one.end() : other.start()]
    if re.fullmatch(r",? and |, | or ", between):
        return None
    return sentence[: one.start()] + other.group() + between + one.group() + sentence[other.end() :]


_DONE = {
    "become": "became", "be": "is", "make": "made", "take": "took", "give": "gave", "go": "went",
    "have": "had", "get": "got", "pay": "paid", "build": "built", "send": "sent", "buy": "bought",
    "sell": "sold", "lose": "lost", "win": "won", "hold": "held", "meet": "met", "leave": "left",
    "find": "found", "see": "saw", "do": "did", "begin": "began", "come": "came", "keep": "kept",
    "lead": "led", "bring": "brought", "choose": "chose", "write": "wrote", "grow": "grew",
    "run": "ran", "put": "put", "cut": "cut", "set": "set", "speak": "spoke", "teach": "taught",
    "break": "broke", "fall": "fell", "rise": "rose", "spend": "spent", "tell": "told",
}  # fmt: skip
_SUBJECT = r"(?P<subject>[A-Z][^,;:.]{1,60}?)"
_PLANNED = re.compile(
    r"\b(?:will|would|may|might|could|should|can|must|(?:is|are|was|were) (?:expected|scheduled|"
    r"planned|supposed|going|set|due|about|likely) to|(?:plan|want|hope|intend|aim|expect|seek|try|"
    r"need|wish|attempt)(?:s|ed|ing)? to|(?:in order|plans?|attempts?|efforts?|desire|right) to) "
    r"(?!not\b)(?:also |eventually |soon )?(?P<verb>[a-z]{2,})\b"
)
_URGED = re.compile(
    r"\b(?:urge[sd]?|ask(?:s|ed)?|order(?:s|ed)?|invite[sd]?|force[sd]?|allow(?:s|ed)?|"
    r"encourage[sd]?|require[sd]?|want(?:s|ed)?|convince[sd]?|persuade[sd]?|permit(?:s|ted)?) "
    r"(?P<who>[^,;:.]{3,40}?) to (?P<verb>[a-z]{2,}) (?P<rest>[^,;:.]{3,80})"
)


def done(sentence: str, source: random.Random) -> str | None:
    """Say that what will, may or should happen has happened."""
    urged = _URGED.search(sentence)
    if urged and source.random() < 0.6:
        who = urged["who"]
        return f"{who[0].upper()}{who[1:]} {_past(urged['verb'])} {urged['rest'].strip()}."
    found = list(_PLANNED.finditer(sentence))
    if not found:
        return None
    match = source.choice(found)
    verb = _past(match["verb"])
    if match["verb"] != "be" and source.random() < 0.25:
        verb = f"has {verb}" if verb.endswith("ed") else verb
    changed = replace(sentence, match, verb)
    subject_ = re.search(_SUBJECT + r" $", sentence[: match.start()])
    if subject_ and source.random() < 0.5:
        rest = re.match(r"[^,;:]*", changed[match.start() + len(verb) :])
        tail = (rest.group() if rest else "").rstrip(" .")
        return f"{subject_['subject']} {verb}{tail}."
    return changed


def _past(verb: str) -> str:
    if verb in _DONE:
        return _DONE[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


_UNITS = (
    "metres miles feet yards kilometers inches meters centimeters km mm cm", "tonnes tons kilograms kg pounds grams ounces",
    "seconds minutes hours days weeks months years decades centuries", "dollars euros pounds yen",
    "hundred thousand million billion trillion", "gallons liters litres cups tablespoons teaspoons",
    "men women children people students workers soldiers", "trucks tanks cars ships planes vehicles buses",
    "houses schools churches shops hotels", "books songs films albums games", "%|degrees",
)  # fmt: skip


def unit(sentence: str, source: random.Random) -> str | None:
    """Change what a number counts: metres to miles, trucks to tanks."""
    groups = [re.split(r"[ |]", group) for group in _UNITS]
    kinds = {word_: group for group in groups for word_ in group}
    found = [
        match
        for match in re.finditer(
            r"(?<=\d )(?!and|or|in|to|of|for|was|is|were|at|by|on|the|with|as|from|it)[a-z]{2,}\b|(?<=(?:two|ree|our|ive|six|ght|ten) )[a-z]{3,}s\b",
            sentence,
        )
    ]
    if not found:
        return None
    match = source.choice(found)
    group = kinds.get(match.group()) or source.choice(groups[6:10])
    return replace(sentence, match, source.choice([w for w in group if w != match.group()]))


def place(sentence: str, source: random.Random, others: Sequence[str]) -> str | None:
    """Put a country or demonym in the place of one: often another one of the same passage."""
    kinds = [kind for kind in (COUNTRIES, DEMONYMS) if any(k in sentence for k in kind)]
    found = [
        (match, kind)
        for kind in kinds
        for match in re.finditer(rf"\b(?:{'|'.join(kind)})\b", sentence)
    ]
    if not found:
        return None
    match, kind = source.choice(found)
    near = [k for k in kind if k not in sentence and any(k[:5] in other for other in others)]
    new = source.choice(
        near if near and source.random() < 0.7 else [k for k in kind if k != match.group()]
    )
    return replace(sentence, match, new)


def appose(sentence: str, source: random.Random) -> str | None:
    """Say alone what stands beside a name: "X, the Y, did Z" gives "X is the Y"."""
    ways = []
    name_ = r"[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+)*"
    for match in re.finditer(rf"\b({name_}), ((?:the|a|an) [^,;()]{{5,60}}?)(?=[,.])", sentence):
        ways.append(f"{match[1]} {source.choice(('is', 'was'))} {match[2]}.")
    title = r"(?:[A-Z][a-z]+ )*(?:President|Minister|King|Queen|Mayor|Governor|Senator|Secretary|General|Director|Professor|Emperor|Chancellor)"
    for match in re.finditer(rf"\b({title}) ((?!of\b){name_})", sentence):
        ways.append(f"{match[2]} is {match[1].lower() if ' ' not in match[1] else match[1]}.")
    return source.choice(ways) if ways else None


def quantify(sentence: str, source: random.Random) -> str | None:
    """Turn some into all, one of into the only."""
    del source
    changes = (
        (r"\b(?:some|many|most|several|few) (?:of the )?", "all "), (r"\bone of the\b", "the only"),
        (r"\b(?:usually|often|sometimes|typically|generally)\b", "always"),
        (r"\bat least\b", "at most"), (r"\bmore than\b", "less than"), (r"\bsome\b", "no"),
    )  # fmt: skip
    for pattern, new in changes:
        if re.search(pattern, sentence):
            return re.sub(pattern, new, sentence, count=1)
    return None
