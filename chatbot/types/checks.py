"""Verdicts, and what checking a text or an earlier answer gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbot.types.documents import Span
from chatbot.types.json_values import json_of


class Verdict(StrEnum):
    """What the check found for one claim."""

    QUOTED = "quoted"
    """A source sentence word for word; that does not say that it answers the question."""
    SUPPORTED = "supported"
    CATALOGUE = "catalogue"
    """The claim comes from the store's list of documents, or from a search of all for a word."""
    COMPUTED = "computed"
    """The claim is computed from cited rows of a table, with the arithmetic shown."""
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    """The evidence does not say it."""
    CONTRADICTED = "contradicted"
    """The evidence says otherwise: another number, name or date, or the reverse."""
    UNCHECKED = "unchecked"
    """The claim or its sources are in a language that the built-in check does not read."""
    NO_CLAIM = "no_claim"
    """Headings, greetings, glue: nothing that a source could support."""

    @property
    def fails(self) -> bool:
        """Whether the evidence has nothing for the claim, or something against it."""
        return self in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in one of the sources given to ``check``: ``sources[source][start:end] == text``."""

    source: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim of a checked text: ``text == checked[start:end]``."""

    text: str
    start: int
    end: int
    verdict: Verdict
    score: float | None
    evidence: tuple[Evidence, ...] = ()
    doubted: tuple[Span, ...] = ()
    """Words of a claim that is not supported, or partly, for which the evidence has nothing:
    places in the checked text. Only words that the check is sure of; often none."""
    nearest: Evidence | None = None
    """What comes nearest to a claim that is not supported, or partly."""

    @property
    def why(self) -> str | None:
        """Why it is not supported, in one sentence; None where it is."""
        words = [self.text[one.start - self.start : one.end - self.start] for one in self.doubted]
        return why_not(self.verdict, words, self.nearest.text if self.nearest else None)


def why_not(verdict: Verdict, doubted: Sequence[str], nearest: str | None) -> str | None:
    """Say in one sentence why a claim has its verdict; None where nothing is wrong with it."""
    words = ", ".join(f"“{' '.join(one.split())}”" for one in doubted)
    lacks = f"Nothing was found for {words}" if words else ""
    found = {
        Verdict.PARTLY: lacks or "Only a part was found",
        Verdict.UNSUPPORTED: lacks or "No sentence was found that says this",
        Verdict.CONTRADICTED: "The documents say otherwise" + (f" than {words}" if words else ""),
    }.get(verdict)
    if found is None or nearest is None:
        return f"{found}." if found else None
    return f"{found}; the nearest sentence is: “{' '.join(nearest.split())}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The grounding check of a text against sources."""

    claims: tuple[CheckedClaim, ...]
    grounded: bool
    """True when there is at least one claim and each of them is quoted or supported."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: dicts, lists, strings, numbers, booleans and None only."""
        return dict(json_of(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What ``verify`` found: an answer of earlier, held against the documents of now."""

    ok: bool
    problems: tuple[str, ...] = ()
    """One sentence for each citation or claim that no longer holds."""
