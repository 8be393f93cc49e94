"""Where pieces of a benchmark's texts stand in the stored documents."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.evaluation.metrics.characters import Place


def locate(text: str, pieces: Sequence[str]) -> list[Place | None]:
    """Return where each piece stands in the text, in order; None for one that is not there.

    A piece is looked for behind the one before it, and from the start if it is not there.
    """
    places: list[Place | None] = []
    behind = 0
    for piece in pieces:
        wanted = piece.strip()
        at = text.find(wanted, behind) if wanted else -1
        if at < 0 and wanted:
            at = text.find(wanted)
        places.append((at, at + len(wanted)) if at >= 0 else None)
        behind = at + len(wanted) if at >= 0 else behind
    return places
