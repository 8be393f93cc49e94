"""The nouns of the project as plain values, shared by every layer.

Frozen dataclasses without behaviour beyond reading themselves; they import nothing of ours and know
no file format, no store and no model. Every ``start``/``end`` is an offset in Unicode characters,
``end`` exclusive.
"""

from chatbot.types.answers import (
    Anchor,
    AnchorKind,
    Answer,
    AnswerEvent,
    AnswerKind,
    Choice,
    Citation,
    Claim,
    ClaimChecked,
    Considered,
    Decision,
    MarkerResolved,
    ReadingPrompt,
    Restarted,
    ShortAnswer,
    TextDelta,
    Turn,
    Usage,
)
from chatbot.types.checks import Check, CheckedClaim, Evidence, Verdict, Verification
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
from chatbot.types.people import (
    Collection,
    Conversation,
    SavedTurn,
    SharedConversation,
    SharedLink,
    TokenRow,
    UsageRow,
)
