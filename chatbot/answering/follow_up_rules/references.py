"""Pronouns and demonstratives replaced by what they stand for in the conversation.

``referring_words`` finds them, ``antecedents`` chooses what they stand for; this puts it in. Used
by ``follow_up``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.follow_up_rules import word_lists as lists
from chatbot.answering.follow_up_rules.antecedents import Antecedent, Sort, choose
from chatbot.answering.follow_up_rules.dialogue import Context
from chatbot.answering.follow_up_rules.question_shape import Question, strip_end
from chatbot.answering.follow_up_rules.referring_words import Reference, find_references
from chatbot.answering.follow_up_rules.topics import clause_of, topic_of
from chatbot.answering.follow_up_rules.words import is_name, split_words

_DO_THAT = re.compile(
    r"\b(?:do|done|doing) (?:it|that|this|so|the same(?: thing)?|likewise)\b(?=[ ?.!,]*$| "
    r"(?:in|on|at|to|from|for|with|without|by|before|after|again|now|myself|online|too|and|if))",
    re.IGNORECASE,
)


def resolve_references(text: str, context: Context) -> str | None:
    """Replace what refers back by what it stands for.

    Returns:
        The new question, or None if nothing in ``text`` refers to an earlier turn.
    """
    same = _DO_THAT.search(text)
    if same and not _explains_doing(text, same.start()):
        replaced = _repeat_verb(text, same, context[0].question)
        if replaced:
            return resolve_references(replaced, context) or replaced
    references = find_references(text)
    if not references:
        return None
    seen: set[tuple[Sort, str]] = set()
    hints: list[str] = []
    pieces: list[tuple[Reference, Antecedent]] = []
    for reference in references:
        if (reference.sort, reference.noun) in seen:
            continue
        seen.add((reference.sort, reference.noun))
        found = choose(reference.sort, context, noun=reference.noun)
        if found is None and reference.sort in {Sort.NOUN, Sort.THAT} and _says_enough(text):
            continue
        if found is None or reference.sort is Sort.THEN:
            statement = [clause_of(context[0].question)] if reference.sort is Sort.THAT else []
            hints.extend([found.text] if found else statement or topic_of(context))
        elif strip_end(found.text).lower() not in text.lower():
            pieces.append((reference, found))
            hints.extend(found.hints)
    for reference, found in reversed(pieces):
        text = text[: reference.start] + _wording(reference, found, text) + text[reference.end :]
    return add_hints(text, hints)


def _says_enough(text: str) -> bool:
    """Whether a question with an unknown "this" or "that X" has enough to search for."""
    words = split_words(text)
    content = [w for w in words if w.low not in lists.FUNCTION_WORDS | lists.LIGHT_VERBS]
    return len(content) > 3 or any(is_name(words, i) for i in range(len(words)))


def add_hints(text: str, hints: Sequence[str]) -> str:
    """Add phrases in brackets before the mark at the end of a question, each once."""
    kept: list[str] = []
    for hint in hints:
        if hint and hint.lower() not in " ".join([text, *kept]).lower():
            kept.append(hint)
    if not kept:
        return text
    end = "?" if text.rstrip().endswith("?") else ""
    return f"{strip_end(text)} ({', '.join(kept)}){end}"


def _wording(reference: Reference, found: Antecedent, text: str) -> str:
    """Return the phrase as it stands in the question: with "'s", with "in", with a capital."""
    phrase = found.text
    if reference.noun == "one":
        phrase = re.sub(r"^(?:the|an?|my|your|our|some) ", "", phrase, flags=re.IGNORECASE)
    if reference.possessive:
        phrase += "'" if found.plural and phrase.endswith("s") else "'s"
    if reference.sort is Sort.THERE:
        before = text[: reference.start].split()[-1:] or [""]
        if before[0].lower() not in lists.PREPOSITIONS:
            phrase = f"{found.before if found.before in {'at', 'on', 'near'} else 'in'} {phrase}"
    return phrase[:1].upper() + phrase[1:] if reference.start == 0 else phrase


def _explains_doing(text: str, start: int) -> bool:
    """Whether "do it" has its verb in the same question: "What is X and how do you do it"."""
    return len(split_words(text[:start])) > 5


def _repeat_verb(text: str, same: re.Match[str], earlier: Question) -> str | None:
    """Replace "do it" by what the earlier question did: "cancel my subscription"."""
    words = split_words(earlier.rest)
    if len(words) < 3 or words[0].low not in lists.DO | lists.MODAL:
        return None
    subject = next((m for m in earlier.mentions if m.before == words[0].low), None)
    offset = earlier.text.rfind(earlier.rest) if earlier.opener else 0
    after = subject.end - offset if subject else words[1].end
    verb_phrase = earlier.rest[after:].strip()
    doing = text[: same.start()].rstrip() + (" " if same.start() else "")
    return f"{doing}{verb_phrase}{text[same.end() :]}" if verb_phrase else None
