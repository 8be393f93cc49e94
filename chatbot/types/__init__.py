"""The nouns of the project as plain values, shared by every layer.

Frozen dataclasses without behaviour beyond reading themselves; they import nothing of ours and know
no file format, no store and no model. Every ``start``/``end`` is an offset in Unicode characters,
``end`` exclusive.
"""

from chatbot.types.access import TokenRow, UsageRow
from chatbot.types.answers import (
    Answer,
    AnswerKind,
    Choice,
    Citation,
    Claim,
    ShortAnswer,
    Turn,
    Usage,
)
from chatbot.types.checks import Check, CheckedClaim, Evidence, Verdict, Verification
from chatbot.types.collections import Collection, SharedConversation, SharedLink
from chatbot.types.conversations import Conversation, SavedTurn
from chatbot.types.decisions import Anchor, AnchorKind, Considered, Decision
from chatbot.types.documents import (
    Chunk,
    Document,
    DocumentInfo,
    FailedSource,
    Guide,
    IngestProgress,
    IngestReport,
    Mention,
    PageBox,
    PageSize,
    ParsedDocument,
    ProgressCallback,
    RetrievedSentence,
    Sentence,
    Span,
)
from chatbot.types.events import (
    AnswerEvent,
    ClaimChecked,
    MarkerResolved,
    ReadingPrompt,
    Restarted,
    TextDelta,
)

__all__ = [
    "Anchor",
    "AnchorKind",
    "Answer",
    "AnswerEvent",
    "AnswerKind",
    "Check",
    "CheckedClaim",
    "Choice",
    "Chunk",
    "Citation",
    "Claim",
    "ClaimChecked",
    "Collection",
    "Considered",
    "Conversation",
    "Decision",
    "Document",
    "DocumentInfo",
    "Evidence",
    "FailedSource",
    "Guide",
    "IngestProgress",
    "IngestReport",
    "MarkerResolved",
    "Mention",
    "PageBox",
    "PageSize",
    "ParsedDocument",
    "ProgressCallback",
    "ReadingPrompt",
    "Restarted",
    "RetrievedSentence",
    "SavedTurn",
    "Sentence",
    "SharedConversation",
    "SharedLink",
    "ShortAnswer",
    "Span",
    "TextDelta",
    "TokenRow",
    "Turn",
    "Usage",
    "UsageRow",
    "Verdict",
    "Verification",
]
