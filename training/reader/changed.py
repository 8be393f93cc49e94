"""Questions changed so that their passage no longer answers them, worded as people word them.

One thing is changed: a number or year, a name, a word for its opposite or for one that stands
between the same two words in another question, a condition is added ("in 1995"), or "did" becomes
"didn't". What comes in is taken from other questions and from the passage's other sentences, so
that neither odd wording nor an unknown word gives the change away.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatbot.models.word_stems import Word, content_stems, words
from training.reader.demonyms import DEMONYMS
from training.reader.sources import Article, Question
from training.verifier.lexicon import WORDS, read_words
from training.verifier.names import DAYS, MONTHS

OPPOSITES = """
    first last|before after|largest smallest|most least|highest lowest|north south|east west
    northern southern|eastern western|male female|men women|increased decreased|start end
    began ended|born died|oldest youngest|early late|earliest latest|old new|high low|higher lower
    above below|public private|father mother|husband wife|son daughter|brother sister|king queen
    more fewer|more less|best worst|major minor|bought sold|like dislike|arrive leave|open close
    opened closed|positive negative|winter summer|legal illegal
"""
WEIGHTS = {"number": 4, "name": 4, "opposite": 4, "word": 3, "condition": 1, "denial": 1}
"""How often each change is made where all can be."""
_NAME = re.compile(r"(?<=\s)[A-Z][\w'’.-]*\w(?:\s+[A-Z][\w'’.-]*\w)*")
_TAIL = re.compile(
    r"\s(?:in|during|at|from|after|before|for|near) (?:the )?(?:[A-Z]\w+(?: [A-Z]\w+)*|[12]\d{3})$"
)
_LOOSE_END = re.compile(
    r"\b(?:in|on|at|of|to|for|from|with|by|about|as|into|like|is|are|was|were)$"
)
_AUXILIARY = re.compile(
    r"(?<=\s)(?:did|does|do|was|were|is|are|has|have|had|could|would|should)(?=\s)"
)
_ASKS = re.compile(r"\b(?:who|what|which|when|where|how|why)\b", re.IGNORECASE)
_DATED = frozenset(map(str.lower, [*MONTHS, *DAYS]))
_COUNTRIES = frozenset(DEMONYMS)
_ADJECTIVES = frozenset(adjective.lower() for adjective in DEMONYMS.values() if adjective)
_FEWEST = 3
"""Letters of a word that is exchanged."""


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """A question with what its passage says."""

    asked: str
    words: tuple[Word, ...]
    answering: frozenset[str]
    """Stems of the sentences that answer."""
    passage: frozenset[str]
    """Stems of their chunks."""
    beside: str
    """The sentences of those chunks that do not answer."""


class Changer:
    """Knows how questions are worded; changes one."""

    def __init__(self, questions: Iterable[str]) -> None:
        """Take the questions to learn from."""
        opposites = [
            line.split() for line in OPPOSITES.replace("\n", "|").split("|") if line.strip()
        ]
        self._opposites: dict[str, list[str]] = defaultdict(list)
        for left, right in [*opposites, *read_words(WORDS)["opposite"]]:
            self._opposites[left].append(right)
            self._opposites[right].append(left)
        self._slots: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._names: list[str] = []
        self._tails: list[str] = []
        for asked in questions:
            for word, slot in _slots(asked):
                self._slots[slot].append(word.surface)
            self._names.extend(match[0] for match in _NAME.finditer(asked))
            self._tails.extend(match[0] for match in _TAIL.finditer(_bare(asked)))

    def change(self, question: Question, article: Article, drawn: random.Random) -> str | None:
        """Return the question changed, None where nothing can be."""
        scene = _scene(question, article)
        makers: dict[str, Callable[[_Scene, random.Random], Iterator[str]]] = {
            "number": _numbers,
            "name": self._other_names,
            "opposite": self._turned,
            "word": self._other_words,
            "condition": self._conditions,
            "denial": _denials,
        }
        ways = {name: list(make(scene, drawn)) for name, make in makers.items()}
        kinds = [name for name, found in ways.items() if found]
        if not kinds:
            return None
        kind = drawn.choices(kinds, [WEIGHTS[name] for name in kinds])[0]
        return drawn.choice(ways[kind])

    def _other_names(self, scene: _Scene, drawn: random.Random) -> Iterator[str]:
        """Put another name of the same sort in, half the time one that stands beside the answer."""
        beside = [match[0] for match in _NAME.finditer(scene.beside)]
        for match in _NAME.finditer(scene.asked):
            pools = [beside, self._names] if drawn.random() < 0.5 else [self._names]
            for pool in pools:
                fitting = [name for name in pool if _is_other_name(name, match[0], scene)]
                if fitting:
                    yield _put(scene.asked, match.start(), match.end(), drawn.choice(fitting))
                    break

    def _turned(self, scene: _Scene, drawn: random.Random) -> Iterator[str]:
        for before, word in pairwise(scene.words):
            if before.surface.lower() != "how":
                for other in self._opposites.get(word.surface, ()):
                    yield _put(scene.asked, word.start, word.end, other)

    def _other_words(self, scene: _Scene, drawn: random.Random) -> Iterator[str]:
        """Put a word in that stands between the same two in other questions."""
        for word, slot in _slots(scene.asked):
            known = {word.stem} | scene.answering
            fitting = [other for other in self._slots[slot] if not known & content_stems(other)]
            near = [other for other in fitting if content_stems(other) & scene.passage]
            pool = near if near and drawn.random() < 0.5 else fitting
            if pool and word.stem in scene.passage:
                yield _put(scene.asked, word.start, word.end, drawn.choice(pool))

    def _conditions(self, scene: _Scene, drawn: random.Random) -> Iterator[str]:
        """Add a time or place of which the passage says nothing."""
        asked = _bare(scene.asked)
        if not self._tails or _LOOSE_END.search(asked) or _TAIL.search(asked):
            return
        tail = drawn.choice(self._tails)
        asks_that = r"\b(?:when|year)\b" if tail[-1].isdigit() else r"\bwhere\b"
        new = content_stems(tail)
        if new and not new & scene.passage and not re.search(asks_that, asked, re.IGNORECASE):
            yield asked + tail + scene.asked[len(asked) :]


def _scene(question: Question, article: Article) -> _Scene:
    chunks = [c for c in article.chunks if c.key in article.gold_chunks(question)]
    sentences = [sentence for chunk in chunks for sentence in chunk.sentences]
    answering = [s.text for s in sentences if s.index in question.gold]
    beside = [s.text for s in sentences if s.index not in question.gold]
    return _Scene(
        asked=question.text,
        words=words(question.text),
        answering=frozenset().union(*map(content_stems, answering)),
        passage=frozenset().union(*(content_stems(s.text) for s in sentences)),
        beside=" ".join(beside),
    )


def _numbers(scene: _Scene, drawn: random.Random) -> Iterator[str]:
    """Another number: of the same length, from beside the answer, or near the one asked for."""
    for word in scene.words[1:]:
        if not word.surface.isdigit() or word.stem not in scene.passage:
            continue
        beside = re.findall(rf"\b\d{{{len(word.surface)}}}\b", scene.beside)
        others = [number for number in beside if number not in scene.answering]
        near = str(max(2, int(word.surface) + drawn.choice([-11, -7, -3, -2, 2, 3, 5, 12])))
        new = drawn.choice(others) if others and drawn.random() < 0.5 else near
        if new not in scene.answering:
            yield _put(scene.asked, word.start, word.end, new)


def _denials(scene: _Scene, _: random.Random) -> Iterator[str]:
    """Make "Who didn't he meet?" of "Who did he meet?"."""
    found = _AUXILIARY.search(scene.asked)
    if found and _ASKS.match(scene.asked):
        yield _put(scene.asked, found.end(), found.end(), "n't")


def _slots(asked: str) -> Iterator[tuple[Word, tuple[str, ...]]]:
    """Yield the words of a question that carry meaning with what stands around them."""
    found = words(asked)
    for at in range(1, len(found)):
        word = found[at]
        plain = (
            word.surface.isalpha() and word.surface.islower() and len(word.surface) > _FEWEST - 1
        )
        if word.is_stop or not plain:
            continue
        after = found[at + 1].surface.lower() if at + 1 < len(found) else "?"
        ending = re.search(r"(?:ing|ed|ly|s|)$", word.surface)
        yield word, (found[at - 1].surface.lower(), after, ending[0] if ending else "")


def _is_other_name(name: str, instead_of: str, scene: _Scene) -> bool:
    """Whether a name may stand for another: of the same sort, and not of the answer."""
    new, old = name.lower(), instead_of.lower()
    if (new in _DATED) != (old in _DATED) or abs(len(new.split()) - len(old.split())) > 1:
        return False
    if (new in _COUNTRIES) != (old in _COUNTRIES) or (new in _ADJECTIVES) != (old in _ADJECTIVES):
        return False
    known = scene.answering | content_stems(scene.asked)
    return not content_stems(name) & known


def _bare(asked: str) -> str:
    return asked.rstrip("? ")


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def changer_of(articles: Sequence[Article]) -> Changer:
    """Return a changer that knows the questions on these articles."""
    return Changer(question.text for article in articles for question in article.questions)
