"""Examples of the API's answers, for its documentation: made from the bundled article."""

from __future__ import annotations

from typing import Any, Final

from chatbot.server.responses import Responses, gives_events
from chatbot.server.sse import encode
from chatbot.types import Answer, Citation, Claim, ShortAnswer, Usage, Verdict
from chatbot.types.json_values import json_of
from chatbot.version import __version__

_QUESTION: Final = "How many vehicles did Japan send to Ukraine?"
_SENTENCE: Final = (
    "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
)
_START: Final = 1011
_SHORT: Final = _START + _SENTENCE.index("101")
_CITATION: Final = Citation(
    marker=1,
    document_id="7c2f5b0c" * 8,
    title="Japan and Indo-Pacific partners meet NATO defense ministers in Brussels",
    source="corpus/article.md",
    sentence_index=6,
    start=_START,
    end=_START + len(_SENTENCE),
    text=_SENTENCE,
)
_CLAIM: Final = Claim(
    text=_SENTENCE, start=0, end=len(_SENTENCE), verdict=Verdict.QUOTED, score=1.0, citations=(1,)
)
ANSWER: Final[dict[str, Any]] = Answer(
    text=f"{_SENTENCE} [1]",
    refused=False,
    mode="extractive",
    notice=None,
    question=_QUESTION,
    search_query=_QUESTION,
    claims=(_CLAIM,),
    citations=(_CITATION,),
    short_answer=ShortAnswer(
        text="101", document_id=_CITATION.document_id, start=_SHORT, end=_SHORT + 3
    ),
    usage=Usage(seconds={"find": 0.006, "total": 0.007}),
    version=__version__,
).to_dict()


def answer_response() -> Responses:
    """Return the schema's entry of an Answer."""
    return {200: {"model": Answer, "content": {"application/json": {"example": ANSWER}}}}


def stream_response() -> Responses:
    """Return the schema's entry of a streamed answer."""
    events = (
        encode({"text": f"{_SENTENCE} [1]"}, event="delta"),
        encode({"citation": json_of(_CITATION)}, event="marker"),
        encode({"claim": json_of(_CLAIM), "citations": [json_of(_CITATION)]}, event="verdict"),
        encode(ANSWER, event="answer"),
    )
    found = gives_events("delta", "marker", "verdict", "restart", "answer", "error")
    found[200]["content"]["text/event-stream"]["example"] = b"".join(events).decode()
    return found
