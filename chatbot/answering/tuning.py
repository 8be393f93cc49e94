"""Every number that tunes how questions are answered; ``docs/tuning.md`` has the figures.

The weights and thresholds that are fitted to a network stand in that network's description.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """The numbers, each with what it does."""

    chunks: int = 50  # of the dense search
    matches: int = 50  # sentences of the full text
    terms: int = 16  # of a long query only the rarest words are searched for
    read: int = 10  # sentences that the reader reads
    read_with_anchor: int = 40  # sentences among which an identifier or a date is looked for
    evidence: int = 12  # sentences offered to a language model; its token budget cuts them further
    share: float = 0.5  # a sentence is quoted, too, that is this likely beside the best
    share_open: float = 0.25  # the same where an account is asked for
    quoted: int = 2  # sentences quoted for a fact,
    quoted_several: int = 4  # where several things are asked for,
    quoted_open: int = 5  # and where an account is
    rows: int = 12  # rows or list items quoted; of more it is said how many there are
    reach: int = 8  # chunks on each side of a row or item in which the others are looked for
    before: int = 400  # characters of a sentence quoted only because the next one leans on it
    alike: float = 0.2  # cosine from which on a fragment replaces a part of the question before it
    same_thing: float = 0.5  # cosine from which on nouns name the same: "vehicles" and "trucks"
    named_threshold: float = 0.2  # P(answered) for a named column, a sentence with its identifier
    related: float = 0.2  # cosine below which a sentence without a word of the question is not read
    differs: float = 0.5  # share of words from which on sentences of two documents say the same
    share_thing: float = 0.65  # how likely beside the best is what a question fits as well,
    share_kind: float = 0.3  # and where it names the kind: the column of a row, the noun of a title
    things: int = 3  # told side by side that a question fits equally; of more it is asked which one
    choices: int = 6  # things to choose from where it is asked which is meant
    slip: float = 0.75  # how like a name is to a word that differs by a slip of a key (difflib)
    talk: float = 0.6  # cosine to an example from which on a message may be a greeting or the like
    talk_letters: float = 0.5  # the same for other than Latin letters, by pairs of them
    talk_margin: float = 0.1  # how much nearer it has to be to that example than to any question
    longest_talk: int = 120  # characters of a message that may be talk; a longer one is a question
    overview: int = 7  # sentences of an overview
    part: int = 6_000  # characters that a model reads at once for an overview: some 1,500 tokens
    parts: int = 8  # of a longer text they hold the sentences that tell most
    listed: int = 12  # documents that are listed; of more it is said how many there are
    enough_words: int = 3  # a follow-up with more words worth searching for stands alone


TUNING = Tuning()
