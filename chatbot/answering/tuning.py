"""Every number that tunes how questions are answered; ``docs/tuning.md`` has the figures.

The weights and thresholds that are fitted to a network stand in that network's description.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """The numbers, each with what it does."""

    chunks: int = 50
    """Chunks taken from the dense search."""
    matches: int = 50
    """Sentences taken from the full text."""
    terms: int = 16
    """Of a long query only the rarest words are searched for."""
    read: int = 10
    """Sentences that the reader reads."""
    read_with_anchor: int = 40
    """Sentences among which those that have an identifier or a date are looked for."""
    evidence: int = 12
    """Sentences offered to a language model; its token budget cuts them further. The gold sentence
    of a suite's case is among the first ten in .98 to .99 of them (``make eval``)."""
    share: float = 0.5
    """A sentence is quoted, too, that is this likely beside the best."""
    share_open: float = 0.25
    """The same where an account is asked for."""
    quoted: int = 2
    """Sentences quoted for a fact."""
    quoted_several: int = 4
    """Sentences quoted where several things are asked for."""
    quoted_open: int = 5
    """Sentences quoted where an account is asked for."""
    rows: int = 12
    """Rows or list items quoted; of more it is said how many there are."""
    reach: int = 8
    """Chunks on each side of a row or item in which the rest of its table or list is looked for."""
    before: int = 400
    """Characters of a sentence that may be quoted only because the next one leans on it."""
    alike: float = 0.2
    """Cosine from which on a fragment takes the place of a part of the question before it."""
    same_thing: float = 0.5
    """Cosine from which on two nouns may name the same things: "vehicles" and "trucks"."""
    named_threshold: float = 0.2
    """P(answered) from which a table row answers whose column the question names, and a sentence
    that has its identifier."""
    related: float = 0.2
    """Cosine to the question below which a sentence without a word of it is not read: noise has .04
    to .14, paraphrases without a common word .35."""
    differs: float = 0.5
    """Share of their words from which on sentences of two documents say the same of something."""
    share_thing: float = 0.65
    """How likely beside the best a section or sentence is that a question fits as well."""
    share_kind: float = 0.3
    """The same where the question names the kind: the column of a row, the noun of a title."""
    things: int = 3
    """Things shown side by side that a question fits equally; of more it is asked which one."""
    choices: int = 6
    """Things to choose from where it is asked which is meant."""
    slip: float = 0.75
    """How like a name is to a word of the documents that differs by a slip of a key (difflib)."""
    talk: float = 0.6
    """Cosine to an example from which on a message may be a greeting, a thank-you or the like."""
    talk_letters: float = 0.5
    """The same for other than Latin letters, by pairs of them."""
    talk_margin: float = 0.1
    """How much nearer it has to be to that example than to any question."""
    longest_talk: int = 120
    """Characters of a message that may be talk; a longer one is a question."""
    overview: int = 7
    """Sentences of an overview."""
    part: int = 6_000
    """Characters that a model reads at once for an overview: some 1,500 tokens."""
    parts: int = 8
    """Such parts of a long text; of a longer one they hold the sentences that tell most."""
    listed: int = 12
    """Documents that are listed; of more it is said how many there are."""
    enough_words: int = 3
    """A follow-up question with so many words worth searching for is searched for alone."""


TUNING = Tuning()
