"""A verdict for every claim: is it the source's words, supported by them, partly, or not?

Knows no model behind the verifier, no store and no prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic

from chatbot.answering.claim_evidence import Pool, choose, within_room
from chatbot.answering.claims import (
    claimed,
    is_fragment,
    is_no_claim,
    preface,
    shifted,
    to_text,
)
from chatbot.answering.language import is_read
from chatbot.answering.question import chooses
from chatbot.answering.quotes import Key, Quotes
from chatbot.models.verifier import Judgement, Pair, Verifier
from chatbot.models.word_stems import content_stems
from chatbot.types import Span, Verdict

if TYPE_CHECKING:
    from chatbot.answering.opinion import Opinion, SecondOpinion

_SINGLES = 3
"""Of the evidence found for a supported claim, the best sentences tried alone and in pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimToCheck(Generic[Key]):
    """A claim and the sentences it is to be held against.

    The keys are the caller's: markers, places or (document, index). Sentences stand in the order
    of their source.
    """

    text: str
    """As it stands in the answer; markers and list marks do not count."""
    cited: Mapping[Key, str]
    """The sentences that its markers point to."""
    others: Mapping[Key, str]
    """Other sentences that were retrieved: looked at only where nothing is cited."""
    unknown_marker: bool = False
    """It has a marker that was never offered."""
    question: str | None = None
    """Where it is read as an answer, the question, which stands alone: then a fragment is read
    behind it, and a claim whose own markers do not support it is held against the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict(Generic[Key]):
    """What the check found for one claim."""

    verdict: Verdict
    score: float | None
    """P(supported) in [0, 1]; 1 for quotes, None where nothing was scored."""
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

    def check_claim(
        self,
        text: str,
        *,
        cited: Mapping[Key, str],
        others: Mapping[Key, str],
        unknown_marker: bool = False,
        question: str | None = None,
    ) -> ClaimVerdict[Key]:
        """Return the verdict of one claim; see ``ClaimToCheck`` for the arguments."""
        claim = ClaimToCheck(
            text=text, cited=cited, others=others, unknown_marker=unknown_marker, question=question
        )
        return self.check_claims([claim])[0]

    def check_claims(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Return one verdict for each claim, in order."""
        settled = self._checked(claims)
        if self._second is None:
            return settled
        return [self._asked_again(*pair) for pair in zip(claims, settled, strict=True)]

    def _checked(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Return the verdicts of the built-in check."""
        verdicts = [_without_model(claim) or _repeats(claim) for claim in claims]
        open_ = [place for place, verdict in enumerate(verdicts) if verdict is None]
        cited = [place for place in open_ if claims[place].cited]
        found = [place for place in open_ if not claims[place].cited]
        for places, check in ((cited, self._by_cited), (found, self._by_others)):
            if not places:
                continue
            for place, verdict in zip(places, check([claims[at] for at in places]), strict=True):
                verdicts[place] = verdict
        self._mend(claims, verdicts)
        settled = [verdict for verdict in verdicts if verdict is not None]
        return [_as_far_as_read(*pair) for pair in zip(claims, settled, strict=True)]

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

    def _mend(
        self,
        claims: Sequence[ClaimToCheck[Key]],
        verdicts: list[ClaimVerdict[Key] | None],
    ) -> None:
        """Hold the claims of an answer whose markers are wrong against all that was offered."""
        wrong = [
            place
            for place, (claim, found) in enumerate(zip(claims, verdicts, strict=True))
            if (claim.question and claim.cited and claim.others and not claim.unknown_marker)
            and (found is not None and (found.verdict.fails or found.verdict is Verdict.PARTLY))
        ]
        if not wrong:
            return
        again = [
            replace(claims[at], cited={}, others={**claims[at].cited, **claims[at].others})
            for at in wrong
        ]
        for place, found in zip(wrong, self._checked(again), strict=True):
            if found.verdict in (Verdict.SUPPORTED, Verdict.QUOTED):
                verdicts[place] = found

    def _by_cited(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        pairs = [(_as_read(claim), tuple(claim.cited.values())) for claim in claims]
        return [
            self._verdict(claim, judgement, tuple(claim.cited), near=_nearest(claim))
            for claim, judgement in zip(claims, self._verifier.judge(pairs), strict=True)
        ]

    def _by_others(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Find the sentences that support each claim; fewer are better.

        All claims go through the model together: first with all the evidence found (the gate),
        then with single sentences, then, where none suffices, with pairs.
        """
        chosen = self._chosen(claims)
        judged = self._judge(claims, [[tuple(keys)] for keys in chosen])
        passed = [self._any(*pair) for pair in zip(claims, judged, strict=True)]
        again: Sequence[Sequence[tuple[Key, ...]]] = [
            [(key,) for key in keys[: _SINGLES if ok else None]]
            if len(keys) > 1 and (ok or found[0].judgement.partly is not None)
            else []
            for keys, ok, found in zip(chosen, passed, judged, strict=True)
        ]
        singles = self._judge(claims, again)
        again = [
            _pairs(keys[:_SINGLES]) if ok and len(keys) > 2 and not self._any(claim, found) else []
            for claim, keys, ok, found in zip(claims, chosen, passed, singles, strict=True)
        ]
        pairs = self._judge(claims, again)
        return [
            self._from_others(*found)
            for found in zip(claims, chosen, judged, singles, pairs, passed, strict=True)
        ]

    def _judge(
        self, claims: Sequence[ClaimToCheck[Key]], groups: Sequence[Sequence[tuple[Key, ...]]]
    ) -> list[list[_Judged[Key]]]:
        """Judge each claim by each of its groups of sentences, in the order of their source."""
        ordered = [
            [tuple(key for key in claim.others if key in group) for group in own]
            for claim, own in zip(claims, groups, strict=True)
        ]
        pairs: list[Pair] = [
            (_as_read(claim), [claim.others[key] for key in group])
            for claim, own in zip(claims, ordered, strict=True)
            for group in own
        ]
        found = iter(self._verifier.judge(pairs) if pairs else [])
        return [[_Judged(keys=group, judgement=next(found)) for group in own] for own in ordered]

    def _any(self, claim: ClaimToCheck[Key], found: Sequence[_Judged[Key]]) -> bool:
        least = self._threshold(claim)
        return any(one.score >= least for one in found)

    def _threshold(self, claim: ClaimToCheck[Key]) -> float:
        """Return the score from which on a claim is supported."""
        of_fragments = self._verifier.fragment_threshold
        return of_fragments if _is_answering_fragment(claim) else self._verifier.threshold

    def _from_others(
        self,
        claim: ClaimToCheck[Key],
        chosen: Sequence[Key],
        judged: Sequence[_Judged[Key]],
        singles: Sequence[_Judged[Key]],
        pairs: Sequence[_Judged[Key]],
        passed: bool,
    ) -> ClaimVerdict[Key]:
        widest = judged[0]
        if not passed:
            partly = self._partly(claim, singles or judged)
            near = next(iter(chosen), None)
            return self._verdict(claim, widest.judgement, partly, near=near)
        for size in (singles, pairs):
            if self._any(claim, size):
                best = _best(size)
                return self._verdict(claim, best.judgement, best.keys)
        return self._verdict(claim, widest.judgement, widest.keys)

    def _partly(self, claim: ClaimToCheck[Key], found: Sequence[_Judged[Key]]) -> tuple[Key, ...]:
        """Return the sentence that supports a part of the claim, none where none does."""
        best = max(found, key=lambda one: one.judgement.partly or 0.0)
        return best.keys if (best.judgement.partly or 0.0) >= self._threshold(claim) else ()

    def _chosen(self, claims: Sequence[ClaimToCheck[Key]]) -> list[list[Key]]:
        """Return for each claim what could support it, best first, as much as is read.

        What claims nothing supports nothing: headings, greetings and questions are passed over.
        """
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
        self,
        claim: ClaimToCheck[Key],
        judgement: Judgement,
        support: tuple[Key, ...],
        *,
        near: Key | None = None,
    ) -> ClaimVerdict[Key]:
        threshold = self._threshold(claim)
        if judgement.score >= threshold:
            verdict = Verdict.SUPPORTED
        elif judgement.partly is not None and judgement.partly >= threshold:
            verdict = Verdict.PARTLY
        else:
            verdict = Verdict.CONTRADICTED if judgement.contradicted else Verdict.UNSUPPORTED
        return ClaimVerdict(
            verdict=verdict,
            score=judgement.score,
            support=support,
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


def _pairs(keys: Sequence[Key]) -> list[tuple[Key, ...]]:
    return [(one, other) for at, one in enumerate(keys) for other in keys[at + 1 :]]


def _best(found: Sequence[_Judged[Key]]) -> _Judged[Key]:
    return max(found, key=lambda one: one.score)
