"""The text of an answer as blocks of parts, each with a key that stays while the text grows.

The page keeps the node of a part as long as its key is there, so a marker that has the focus or the
mouse over it is never touched while the rest streams in. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from chatbot.answering.claims import bare, shifted, to_bare
from chatbot.answering.streaming.code_marks import marker_spans
from chatbot.types import Claim, Verdict
from chatbot.ui.draft import TurnDraft
from chatbot.ui.markdown import AnswerBlock, TextRun, parse
from chatbot.ui.summary import verdict_words
from chatbot.ui.texts import Texts

_MARKERS_BEHIND = re.compile(r"(?:\s*\[\d{1,4}\])+")
_FINISHED = ("done", "stopped", "failed")

Part = dict[str, Any]


def render_blocks(draft: TurnDraft, texts: Texts) -> list[dict[str, Any]]:
    """Return the blocks: ``key``, ``kind`` and ``parts``; a row has ``cells``, each with parts.

    A part has ``key``, ``kind`` and, by kind: ``text`` (with ``style`` and the ``claim`` it
    belongs to, with its ``verdict``), ``marker`` (with ``marker`` and ``state``: cited, found,
    unknown, pending), ``verdict`` (with ``verdict``, ``title`` in words and ``claim``, where the
    claim starts).
    """
    listed = draft.answer is not None and draft.answer.kind == "catalogue"
    quoted = draft.mode == "extractive" and not listed
    blocks = _with_real_markers(draft, parse(draft.text, plain=quoted))
    # Each claim with the place of its verdict: behind it and the markers that follow it.
    anchors = [(end_with_markers(draft.text, claim), claim) for claim in draft.claims]
    ends = [end for end, _ in anchors]
    short = _short_answer(draft)
    views = []
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        limit = len(draft.text) if last else blocks[number + 1].runs[0].start
        first = bisect_right(ends, block.runs[0].start)
        here = anchors[first : bisect_right(ends, limit)]
        placed = list(_parts(draft, block, here, short, texts))
        table = block.kind in ("header", "row")
        content = {"cells": _cells(placed)} if table else {"parts": [part for _, part in placed]}
        views.append({"key": f"{number}:{block.kind}", "kind": block.kind, **content})
    return views


def _with_real_markers(draft: TurnDraft, blocks: Sequence[AnswerBlock]) -> list[AnswerBlock]:
    """Return the blocks in which a bracket that the check took for text is text.

    A quoted sentence may have a "[5]" of its own, and what opens as code without an end is code
    for the check: a marker there would point to a sentence that the claim was not held against.
    """
    if draft.mode == "extractive":
        known = draft.citations if draft.state in _FINISHED else None
        runs = (run for block in blocks for run in block.runs)
        real = {run.start for run in runs if known is None or run.marker in known}
    else:
        real = {span.start for span in marker_spans(draft.text)}
    return [
        replace(block, runs=tuple(_checked(run, real) for run in block.runs)) for block in blocks
    ]


def _checked(run: TextRun, real: set[int]) -> TextRun:
    return run if run.marker is None or run.start in real else replace(run, marker=None)


def claim_views(draft: TurnDraft, texts: Texts) -> list[dict[str, Any]]:
    """Return what was checked: each claim with its ``start``, words, verdict and markers.

    ``pieces`` is its text in pieces, each with whether the evidence has nothing for it.
    """
    return [
        {
            "start": claim.start,
            "text": bare(claim.text),
            "verdict": str(claim.verdict),
            "title": verdict_words(claim, texts),
            "markers": [one for one in claim.citations if one in draft.citations],
            "nearest": claim.nearest,
            "by": claim.by,
            "pieces": _pieces(claim),
        }
        for claim in draft.claims
        if claim.verdict != Verdict.NO_CLAIM
    ]


def correction_views(draft: TurnDraft) -> list[dict[str, Any]]:
    """Return the cited sentence of each claim that is not supported, to be read in its place."""
    found = (draft.citations.get(claim.source_says or 0) for claim in draft.claims)
    said = {citation.marker: citation.text for citation in found if citation is not None}
    return [{"key": marker, "marker": marker, "text": text} for marker, text in said.items()]


def _pieces(claim: Claim) -> list[list[str | bool]]:
    text = bare(claim.text)
    doubted = to_bare(claim.text, shifted(claim.doubted, -claim.start))
    inside = {(span.start, span.end) for span in doubted}
    cuts = sorted({0, len(text)}.union(*inside))
    return [[text[start:end], (start, end) in inside] for start, end in pairwise(cuts)]


def end_with_markers(source: str, claim: Claim) -> int:
    """Return where a claim of the text ends, the markers behind it included."""
    behind = _MARKERS_BEHIND.match(source, claim.end)
    return behind.end() if behind else claim.end


def unwritten_markers(source: str, claim: Claim) -> list[int]:
    """Return the citations of a claim that do not stand in the text: the check found them."""
    written = source[claim.start : end_with_markers(source, claim)]
    return [marker for marker in claim.citations if f"[{marker}]" not in written]


def _parts(
    draft: TurnDraft,
    block: AnswerBlock,
    anchors: Sequence[tuple[int, Claim]],
    short: tuple[int, int] | None,
    texts: Texts,
) -> Iterator[tuple[int, Part]]:
    """Yield the parts of a block, each with the cell it stands in."""
    cuts = {cut for end, claim in anchors for cut in (claim.start, claim.end, end)}
    waiting = list(anchors)
    cell = 0
    for run in _cut(block.runs, cuts | set(short or ())):
        while waiting and waiting[0][0] <= run.start:
            yield from ((cell, part) for part in _end_of_claim(draft, waiting.pop(0)[1], texts))
        cell = run.cell
        if run.marker is not None:
            yield cell, _marker_part(draft, run, texts)
        else:
            yield cell, _text_part(draft, run, short)
    for _, claim in waiting:
        yield from ((cell, part) for part in _end_of_claim(draft, claim, texts))


def _cells(placed: Sequence[tuple[int, Part]]) -> list[dict[str, Any]]:
    count = 1 + max((cell for cell, _ in placed), default=0)
    return [
        {"key": number, "parts": [part for cell, part in placed if cell == number]}
        for number in range(count)
    ]


def _cut(runs: Sequence[TextRun], cuts: set[int]) -> Iterator[TextRun]:
    for run in runs:
        inside = sorted(cut for cut in cuts if run.start < cut < run.end)
        if run.marker is not None or not inside:
            yield run
            continue
        for start, end in pairwise((run.start, *inside, run.end)):
            piece = run.text[start - run.start : end - run.start]
            yield replace(run, start=start, end=end, text=piece)


def _text_part(draft: TurnDraft, run: TextRun, short: tuple[int, int] | None) -> Part:
    before = bisect_right(draft.claims, run.start, key=lambda one: one.start)
    inside = before and run.start < draft.claims[before - 1].end
    claim = draft.claims[before - 1] if inside else None
    style = [name for name, on in (("strong", run.strong), ("code", run.code)) if on]
    if short is not None and short[0] <= run.start < short[1]:
        style.append("short")
    return {
        "key": f"t{run.start}{''.join(style)}",
        "kind": "text",
        "text": run.text,
        "style": style,
        "verdict": "" if claim is None else str(claim.verdict),
        "claim": None if claim is None else claim.start,
    }


def _marker_part(draft: TurnDraft, run: TextRun, texts: Texts) -> Part:
    known = run.marker in draft.citations
    state = "cited" if known else "unknown" if draft.state in _FINISHED else "pending"
    return {
        "key": f"m{run.start}",
        "kind": "marker",
        "marker": run.marker,
        "state": state,
        "label": texts.text("marker_unknown", marker=run.marker) if not known else "",
    }


def _end_of_claim(draft: TurnDraft, claim: Claim, texts: Texts) -> Iterator[Part]:
    """Yield the citations that the check found for a claim beside its markers, and its verdict."""
    for marker in unwritten_markers(draft.text, claim):
        citation = draft.citations.get(marker)
        if citation is not None:
            label = texts.text("marker_found", marker=marker, text=citation.text)
            key = f"f{claim.start}.{marker}"
            found = {"kind": "marker", "marker": marker, "state": "found"}
            yield {"key": key, "label": label, **found}
    if claim.verdict != Verdict.NO_CLAIM:
        yield {
            "key": f"v{claim.start}",
            "kind": "verdict",
            "verdict": str(claim.verdict),
            "title": verdict_words(claim, texts),
            "claim": claim.start,
        }


def _short_answer(draft: TurnDraft) -> tuple[int, int] | None:
    """Return where the short answer stands in the text of the answer, if a quote holds it."""
    short = None if draft.answer is None else draft.answer.short_answer
    quotes = (one for one in draft.claims if one.verdict == Verdict.QUOTED)
    cited = ((one, draft.citations.get(marker)) for one in quotes for marker in one.citations)
    for claim, citation in cited:
        if short is None or citation is None or citation.document_id != short.document_id:
            continue
        at = claim.text.find(citation.text)
        start = claim.start + at + short.start - citation.start
        end = start + short.end - short.start
        if at >= 0 and citation.start <= short.start < citation.end and end <= claim.end:
            return start, end
    return None
