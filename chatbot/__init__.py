"""A question-answering chatbot whose every sentence points to its source and carries a verdict.

The public API, loaded on first use so that ``import chatbot`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chatbot.version import __version__ as __version__

if TYPE_CHECKING:
    from chatbot.bot import Chatbot, ask, check
    from chatbot.errors import ChatbotError
    from chatbot.settings import Settings
    from chatbot.types import (
        Answer,
        Check,
        CheckedClaim,
        Choice,
        Citation,
        Claim,
        ClaimChecked,
        Collection,
        Conversation,
        Document,
        DocumentInfo,
        Guide,
        IngestReport,
        MarkerResolved,
        RetrievedSentence,
        SavedTurn,
        Sentence,
        SharedLink,
        ShortAnswer,
        TextDelta,
        Turn,
        Verdict,
    )

__all__ = [
    "Answer",
    "Chatbot",
    "ChatbotError",
    "Check",
    "CheckedClaim",
    "Choice",
    "Citation",
    "Claim",
    "ClaimChecked",
    "Collection",
    "Conversation",
    "Document",
    "DocumentInfo",
    "Guide",
    "IngestReport",
    "MarkerResolved",
    "RetrievedSentence",
    "SavedTurn",
    "Sentence",
    "Settings",
    "SharedLink",
    "ShortAnswer",
    "TextDelta",
    "Turn",
    "Verdict",
    "ask",
    "check",
]

_HOMES = {"ChatbotError": "errors", "Settings": "settings"}
_HOMES |= dict.fromkeys(("Chatbot", "ask", "check"), "bot")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each public name has its own type
    if name not in __all__:
        raise AttributeError(f"module 'chatbot' has no attribute {name!r}")
    return getattr(import_module(f"chatbot.{_HOMES.get(name, 'types')}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
