"""Fingerprints of what was asked and of what answered: equal ones make runs comparable."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from chatbot.evaluation.open_suite import OpenSuite
from chatbot.settings import Settings

_RELEVANT = (
    "model",
    "strict",
    "temperature",
    "max_evidence_tokens",
    "max_answer_tokens",
    "max_question_chars",
    "embedding_model",
)
"""What can change an answer and is no secret, no path and no address."""


def relevant_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings that can change an answer."""
    values = {name: getattr(settings, name) for name in _RELEVANT}
    return {**values, "other_embedder": settings.embedder_dir is not None}


def data_fingerprint(opened: OpenSuite) -> str:
    """Return the fingerprint of the accepted cases and of the documents they are asked over."""
    cases = [
        {**ready.case.model_dump(mode="json", exclude={"tags", "note"}), "documents": None}
        for ready in opened.ready
    ]
    documents = [sorted(ready.document_ids) for ready in opened.ready]
    return fingerprint([cases, documents])


def fingerprint(value: object) -> str:
    """Return the first 12 hex digits of the sha256 of a JSON value."""
    content = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
