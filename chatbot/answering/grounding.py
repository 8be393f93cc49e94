"""A verdict for every claim: is it the source's words, supported by them, partly, or not?

Knows no model behind the verifier, no store and no prompt. Used by the chain in both modes, by
``verify`` and by ``check``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatbot.answering.claims import bare, is_no_claim, same_words
from chatbot.answering.support import Pool, choose
from chatbot.models.embedder import Embedder
from chatbot.models.verifier import Judgement, Pair, Verifier
from chatbot.types import Verdict

Key = TypeVar("Key", bound=Hashable)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict(Generic[Key]):
    """What the check found for one claim."""

    verdict: Verdict
    score: float | None
    """P(supported) in [0, 1]; 1 for quotes, None where nothing was scored."""
    support: tuple[Key, ...] = ()
    """Keys of the sentences that the verdict rests on, of ``cited`` or else of ``others``."""


class Grounder:
    """Gives claims their verdicts. Thread safe.

    * A claim with an unknown marker is ``unsupported``, whatever it says.
    * A claim with markers is judged by the sentences they point to and by nothing else.
    * A claim without a marker is judged by the sentences found for it; those that it rests on
      are in ``support``, and it is ``supported`` only if they alone support it.
    """

    def __init__(self, verifier: Verifier, embedder: Embedder | None = None) -> None:
        """Take what judges; evidence is found with the verifier's own vectors.

        Args:
            verifier: judges claims.
            embedder: not needed by this grounder; kept so that callers need not know that.
        """
        del embedder
        self._verifier = verifier

    def check_claim(
        self,
        text: str,
        *,
        cited: Mapping[Key, str],
        others: Mapping[Key, str],
        unknown_marker: bool = False,
    ) -> ClaimVerdict[Key]:
        """Return the verdict of one claim; see ``ClaimToCheck`` for the arguments."""
        claim = ClaimToCheck(text=text, cited=cited, others=others, unknown_marker=unknown_marker)
        return self.check_claims([claim])[0]

    def check_claims(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        """Return one verdict for each claim, in order."""
        verdicts = [_without_model(claim) for claim in claims]
        open_ = [place for place, verdict in enumerate(verdicts) if verdict is None]
        cited = [place for place in open_ if claims[place].cited]
        found = [place for place in open_ if not claims[place].cited]
        for place, verdict in zip(cited, self._by_cited([claims[p] for p in cited]), strict=True):
            verdicts[place] = verdict
        for place in found:
            verdicts[place] = self._by_others(claims[place])
        return [verdict for verdict in verdicts if verdict is not None]

    def _by_cited(self, claims: Sequence[ClaimToCheck[Key]]) -> list[ClaimVerdict[Key]]:
        pairs = [(bare(claim.text), tuple(claim.cited.values())) for claim in claims]
        return [
            self._verdict(judgement, tuple(claim.cited))
            for claim, judgement in zip(claims, self._verifier.judge(pairs), strict=True)
        ]

    def _by_others(self, claim: ClaimToCheck[Key]) -> ClaimVerdict[Key]:
        """Find the sentences that support a claim; fewer are better."""
        text = bare(claim.text)
        keys = self._chosen(text, claim.others)
        if not keys:
            return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)
        groups = _groups(keys)
        pairs: list[Pair] = [(text, [claim.others[key] for key in group]) for group in groups]
        judged = self._verifier.judge(pairs)
        widest = judged[-1]  # the gate: what the whole of the evidence says
        if widest.score < self._verifier.threshold:
            return self._verdict(widest, self._partly(groups, judged))
        for size in range(1, len(keys) + 1):
            best = max(
                (at for at, group in enumerate(groups) if len(group) == size),
                key=lambda at: judged[at].score,
                default=None,
            )
            if best is not None and judged[best].score >= self._verifier.threshold:
                return self._verdict(judged[best], groups[best])
        return self._verdict(widest, groups[-1])

    def _partly(
        self, groups: Sequence[tuple[Key, ...]], judged: Sequence[Judgement]
    ) -> tuple[Key, ...]:
        """Return the sentence that supports a part of the claim, none where none does."""
        scored = [
            (judged[at].partly or 0.0, at) for at, group in enumerate(groups) if len(group) == 1
        ]
        score, at = max(scored, key=lambda item: item[0])
        return groups[at] if score >= self._verifier.threshold else ()

    def _chosen(self, claim: str, others: Mapping[Key, str]) -> list[Key]:
        keys, texts = list(others), list(others.values())
        if not texts:
            return []
        vectors = self._verifier.vectors([claim, *texts])
        places = choose(Pool(texts).matches(claim), vectors[1:] @ vectors[0])
        return [keys[place] for place in places]

    def _verdict(self, judgement: Judgement, support: tuple[Key, ...]) -> ClaimVerdict[Key]:
        threshold = self._verifier.threshold
        if judgement.score >= threshold:
            verdict = Verdict.SUPPORTED
        elif judgement.partly is not None and judgement.partly >= threshold:
            verdict = Verdict.PARTLY
        else:
            verdict = Verdict.UNSUPPORTED
        return ClaimVerdict(verdict=verdict, score=judgement.score, support=support)


def _without_model(claim: ClaimToCheck[Key]) -> ClaimVerdict[Key] | None:
    """Return the verdict that needs no model, None where one is needed."""
    if claim.unknown_marker:
        return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)
    keys = quoted_from(claim.text, claim.cited or claim.others)
    if keys:
        return ClaimVerdict(verdict=Verdict.QUOTED, score=1.0, support=keys)
    if is_no_claim(claim.text):
        return ClaimVerdict(verdict=Verdict.NO_CLAIM, score=None, support=tuple(claim.cited))
    if not (claim.cited or claim.others):
        return ClaimVerdict(verdict=Verdict.UNSUPPORTED, score=None)
    return None


def quoted_from(text: str, sentences: Mapping[Key, str]) -> tuple[Key, ...]:
    """Return the keys of the sentence, or the run of sentences, that a claim is word for word.

    White space, outer quotation marks and a final full stop do not count; nothing else is
    forgiven. Empty where the claim is no quote.
    """
    wanted = {form for form in (same_words(text), same_words(bare(text))) if form}
    longest = max((len(form) for form in wanted), default=0)
    items = list(sentences.items())
    for first, (key, sentence) in enumerate(items):
        form = same_words(sentence)
        if form in wanted:
            return (key,)
        if not form or not any(one.startswith(form) for one in wanted):
            continue
        run = " ".join(sentence.split())
        for last in range(first + 1, len(items)):
            run += " " + " ".join(items[last][1].split())
            if same_words(run) in wanted:
                return tuple(key for key, _ in items[first : last + 1])
            if len(run) > longest + 4:
                break
    return ()


def _groups(keys: Sequence[Key]) -> list[tuple[Key, ...]]:
    """Return what is tried as support: single sentences, pairs of the best three, all."""
    groups: list[tuple[Key, ...]] = [(key,) for key in keys]
    first = keys[:3]
    groups += [(one, other) for at, one in enumerate(first) for other in first[at + 1 :]]
    if len(keys) > 2 or len(keys) == 1:
        groups.append(tuple(keys))
    return groups
