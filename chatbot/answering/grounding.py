"""A verdict for every claim: is it the source's words, supported by them, partly, or not?

Knows no model behind the verifier, no store and no prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Generic

from chatbot.answering.claim_evidence import Key, Pool, Quotes, choose, within_room
from chatbot.answering.claims import claimed, is_fragment, is_no_claim, preface, shifted, to_text
from chatbot.answering.language import is_read
from chatbot.answering.question import chooses
from chatbot.models.verifier import Judgement, Verifier
from chatbot.models.word_stems import content_stems
from chatbot.types import Span, Verdict

if TYPE_CHECKING:
    from chatbot.answering.opinion import Opinion, SecondOpinion

_SINGLES = 3
"""Of the evidence found for a supported claim, the best sentences tried alone and in pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimToCheck(Generic[Key]):
    """A claim and the sentences it is held against, by the caller's keys, as their source goes."""

    text: str  # as it stands in the answer; markers and list marks do not count
    cited: Mapping[Key, str]  # the sentences that its markers point to
    others: Mapping[Key, str]
    """Other sentences that were retrieved: looked at only where nothing is cited."""
    unknown_marker: bool = False  # it has a marker that was never offered
    question: str | None = None
    """Where it is read as an answer, the question, which stands alone: then a fragment is read
    behind it, and a claim whose own markers do not support it is held against the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict(Generic[Key]):
    """What the check found for one claim."""

    verdict: Verdict
    score: float | None  # P(supported) in [0, 1]; 1 for quotes, None where nothing was scored
    support: tuple[Key, ...] = ()
    """Keys of the sentences that the verdict rests on, of ``cited`` or else of ``others``."""
    doubted: tuple[Span, ...] = ()
    """Places of ``ClaimToCheck.text`` for which the evidence has nothing; not all are found."""
    nearest: Key | None = None
    """Key of the sentence that comes nearest to a claim that is not supported, or partly."""
    opinion: Opinion | None = None
    """Of the model that gave the verdict; None where the built-in check did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged(Generic[Key]):
    """Some sentences, and what the verifier says of the claim by them."""

    keys: tuple[Key, ...]
    judgement: Judgement

    @property
    def score(self) -> float:
        return self.judgement.score


class Grounder:
    """Gives claims their verdicts. Thread safe.

    * What is not English, or rests on what is not, is ``unchecked`` unless it is quoted.
    * A claim with an unknown marker is ``unsupported``, whatever it says.
    * A claim with markers is judged by the sentences they point to and by nothing else.
    * A claim without a marker is judged by the sentences found for it; those that it rests on
      are in ``support``, and it is ``supported`` only if they alone support it.
    """

    def __init__(self, verifier: Verifier, second: SecondOpinion | None = None) -> None:
        """Take what judges; evidence is found with the verifier's own vectors."""
        self._verifier = verifier
        self._second = second

    def check_claim(self, claim: ClaimToCheck[Key]) -> ClaimVerdict[Key]:
        """Return the verdict of one claim."""
        return self.check_claims([claim])[0]

    def check_claims(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Return one verdict for each claim, in order."""
        settled = self._checked(claims)
        if self._second is None:
            return settled
        return [self._asked_again(*pair) for pair in zip(claims, settled, strict=True)]

    def _checked(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Return the verdicts of the built-in check."""
        known = [_without_model(claim) or _repeats(claim) for claim in claims]
        open_ = [claim for claim, verdict in zip(claims, known, strict=True) if verdict is None]
        chosen = iter(self._chosen([claim for claim in open_ if not claim.cited]))
        evidence = [[] if claim.cited else next(chosen) for claim in open_]
        # The network reads several beside each other.
        with ThreadPoolExecutor(max(1, len(open_))) as pool:
            judged = pool.map(self._judged, open_, evidence)
            settled = [verdict or next(judged) for verdict in known]
        mended = [self._mended(*pair) for pair in zip(claims, settled, strict=True)]
        return [_as_far_as_read(*pair) for pair in zip(claims, mended, strict=True)]

    def _asked_again(self, claim: ClaimToCheck[Key], found: ClaimVerdict[Key]) -> ClaimVerdict[Key]:
        """Return a verdict as the second opinion has it, where there is one."""
        needs_none = found.verdict in (Verdict.QUOTED, Verdict.NO_CLAIM) or claim.unknown_marker
        if self._second is None or needs_none:
            return found
        held = {**claim.cited, **claim.others}
        unread = found.verdict is Verdict.UNCHECKED
        read = found.support or tuple(claim.cited)
        if not read:  # what is near a claim is found in English only
            read = tuple(claim.others if unread else self._chosen([claim])[0])
        keys = tuple(key for key in held if key in read)
        opinion = self._second.on(
            claimed(claim.text),
            [held[key] for key in keys],
            score=found.score,
            question=claim.question,
        )
        if opinion is None:
            return found
        supported = opinion.verdict is Verdict.SUPPORTED
        near = found.nearest
        if near is None:
            near = _nearest(claim) if claim.cited else read[0]
        return replace(
            found,
            verdict=opinion.verdict,
            support=() if opinion.verdict.fails and not claim.cited else keys,
            doubted=() if supported else found.doubted,
            nearest=None if supported else near,
            opinion=opinion,
        )

    def _mended(self, claim: ClaimToCheck[Key], found: ClaimVerdict[Key]) -> ClaimVerdict[Key]:
        """Hold a claim of an answer whose markers are wrong against all that was offered."""
        wrong = found.verdict.fails or found.verdict is Verdict.PARTLY
        held = claim.question and claim.cited and claim.others and not claim.unknown_marker
        if not (wrong and held):
            return found
        again = replace(claim, cited={}, others={**claim.cited, **claim.others})
        [mended] = self._checked([again])
        return mended if mended.verdict in (Verdict.SUPPORTED, Verdict.QUOTED) else found

    def _judged(self, claim: ClaimToCheck[Key], chosen: Sequence[Key]) -> ClaimVerdict[Key]:
        """Return the verdict by the sentences that a claim cites, or else by those found for it.

        Of the latter fewer are better: where all of them together pass, single ones are tried,
        then, where none suffices, pairs.
        """
        if claim.cited:
            [cited] = self._judge(claim, [tuple(claim.cited)])
            return self._verdict(claim, cited, near=_nearest(claim))
        [widest] = self._judge(claim, [tuple(chosen)])
        least = self._threshold(claim)
        if widest.score < least:
            cut = len(chosen) > 1 and widest.judgement.partly is not None
            parts = self._judge(claim, [(key,) for key in chosen]) if cut else [widest]
            best = max(parts, key=lambda one: one.judgement.partly or 0.0)
            support = best.keys if (best.judgement.partly or 0.0) >= least else ()
            near = next(iter(chosen), None)
            return self._verdict(claim, replace(widest, keys=support), near=near)
        for size in range(1, min(3, len(chosen))):
            best = max(
                self._judge(claim, list(combinations(chosen[:_SINGLES], size))),
                key=lambda one: one.score,
            )
            if best.score >= least:
                return self._verdict(claim, best)
        return self._verdict(claim, widest)

    def _judge(
        self, claim: ClaimToCheck[Key], groups: Sequence[tuple[Key, ...]]
    ) -> list[_Judged[Key]]:
        """Judge a claim by each of some groups of sentences, in the order of their source."""
        held = claim.cited or claim.others
        ordered = [tuple(key for key in held if key in group) for group in groups]
        found = self._verifier.judge(
            [(_as_read(claim), [held[key] for key in group]) for group in ordered]
        )
        return [
            _Judged(keys=group, judgement=judgement)
            for group, judgement in zip(ordered, found, strict=True)
        ]

    def _threshold(self, claim: ClaimToCheck[Key]) -> float:
        """Return the score from which on a claim is supported."""
        of_fragments = self._verifier.fragment_threshold
        return of_fragments if _is_answering_fragment(claim) else self._verifier.threshold

    def _chosen(self, claims: Sequence[ClaimToCheck[Key]]) -> list[list[Key]]:
        """Return for each claim what could support it, best first, as much as is read.

        What claims nothing supports nothing: headings, greetings and questions are passed over.
        """
        if not claims:
            return []
        plain = [claimed(claim.text) for claim in claims]
        texts = dict.fromkeys(text for claim in claims for text in claim.others.values())
        says = [text for text in texts if not is_no_claim(text)]
        rows = {text: at for at, text in enumerate(dict.fromkeys([*plain, *says]))}
        vectors = self._verifier.vectors(list(rows))
        found = []
        for text, claim in zip(plain, claims, strict=True):
            keys = [key for key, sentence in claim.others.items() if sentence in rows]
            sentences = [claim.others[key] for key in keys]
            cosines = vectors[[rows[sentence] for sentence in sentences]] @ vectors[rows[text]]
            places = choose(Pool(sentences).matches(text), cosines)
            found.append([keys[place] for place in within_room(sentences, places)])
        return found

    def _verdict(
        self, claim: ClaimToCheck[Key], judged: _Judged[Key], *, near: Key | None = None
    ) -> ClaimVerdict[Key]:
        judgement, threshold = judged.judgement, self._threshold(claim)
        if judgement.score >= threshold:
            verdict = Verdict.SUPPORTED
        elif judgement.partly is not None and judgement.partly >= threshold:
            verdict = Verdict.PARTLY
        else:
            verdict = Verdict.CONTRADICTED if judgement.contradicted else Verdict.UNSUPPORTED
        return ClaimVerdict(
            verdict=verdict,
            score=judgement.score,
            support=judged.keys,
            doubted=() if verdict is Verdict.SUPPORTED else _doubted(claim, judgement),
            nearest=None if verdict is Verdict.SUPPORTED else near,
        )


def _without_model(claim: ClaimToCheck[Key]) -> ClaimVerdict[Key] | None:
    """Return the verdict that needs no model, None where one is needed."""
    if claim.unknown_marker:
        return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)
    keys = Quotes(claim.cited or claim.others).find(claim.text)
    if keys:
        return ClaimVerdict(verdict=Verdict.QUOTED, score=1.0, support=keys)
    if is_no_claim(claim.text):
        return ClaimVerdict(verdict=Verdict.NO_CLAIM, score=None, support=tuple(claim.cited))
    if not (claim.cited or claim.others):
        return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)
    return None


def _repeats(claim: ClaimToCheck[Key]) -> ClaimVerdict[Key] | None:
    """Return that a claim answers nothing, where it only repeats its question; else None.

    A question that can be answered by yes is answered by its own words. Of seven other such claims
    among 106 of real models none was right.
    """
    if claim.question is None or not chooses(claim.question):
        return None
    if content_stems(claimed(claim.text)) - content_stems(claim.question):
        return None
    return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)


def _as_far_as_read(claim: ClaimToCheck[Key], found: ClaimVerdict[Key]) -> ClaimVerdict[Key]:
    """Return a verdict, or that there is none where it rests on what the network does not read."""
    if found.verdict in (Verdict.QUOTED, Verdict.NO_CLAIM) or claim.unknown_marker:
        return found
    held = {**claim.cited, **claim.others}
    keys = found.support if found.verdict is Verdict.SUPPORTED else (claim.cited or claim.others)
    if all(map(is_read, (claimed(claim.text), *(held[key] for key in keys)))):
        return found
    return ClaimVerdict(verdict=Verdict.UNCHECKED, score=None, support=tuple(claim.cited))


def _as_read(claim: ClaimToCheck[Key]) -> str:
    """Return a claim as the verifier reads it: a fragment says what it says to its question."""
    text = claimed(claim.text)
    return f"{claim.question} {text}" if _is_answering_fragment(claim) else text


def _is_answering_fragment(claim: ClaimToCheck[Key]) -> bool:
    """Return whether a claim says something to its question alone ("Three.")."""
    return claim.question is not None and is_fragment(claimed(claim.text))


def _doubted(claim: ClaimToCheck[Key], judgement: Judgement) -> tuple[Span, ...]:
    """Return where the doubted words stand in a claim, without those of its question."""
    before = len(_as_read(claim)) - len(claimed(claim.text))
    own = [span for span in judgement.doubted() if span.start >= before]
    return to_text(claim.text, shifted(own, preface(claim.text) - before))


def _nearest(claim: ClaimToCheck[Key]) -> Key:
    """Return the cited sentence that shares the most with a claim."""
    best = Pool(list(claim.cited.values())).by_words(claimed(claim.text), limit=1)
    return list(claim.cited)[best[0] if best else 0]
