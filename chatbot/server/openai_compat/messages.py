"""What an OpenAI client sends, and the question in it; citations as footnotes of a text. Pure."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from chatbot.errors import QuestionError
from chatbot.server.asking import IncomingQuestion
from chatbot.server.schemas.requests import MAX_TURN, MAX_TURNS, Documents
from chatbot.types import Answer, Citation, Turn

_RULE: Final = "\n\n---\n"
_LINE: Final = re.compile(r"\[\d+\] “.*” \(.*\)|Note: .*")
Text = Annotated[str, Field(max_length=MAX_TURN)]


class Part(BaseModel, extra="allow", strict=True):
    """A part of a message's content; only text can be read."""

    type: Annotated[str, Field(max_length=50)] = "text"
    text: Text | None = None


class Message(BaseModel, extra="ignore", strict=True):
    """One message. Those of the system are left out: the bot has a prompt of its own."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[Part], Field(max_length=100)] | None = None

    def text(self) -> str:
        """Return the text of the content."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        if any(part.type != "text" for part in self.content):
            raise QuestionError("A message may contain only text: no images, sound or files.")
        return "\n".join(part.text or "" for part in self.content)


class StreamOptions(BaseModel, extra="ignore", strict=True):
    """How a stream is to be."""

    include_usage: bool = False


class CompletionRequest(BaseModel, extra="ignore", strict=True):
    """A chat completion. What steers a model's sampling is accepted and has no effect."""

    model: Annotated[
        str, Field(max_length=200, description="Any name: there is one bot.", examples=["chatbot"])
    ] = "chatbot"
    messages: Annotated[
        list[Message],
        Field(
            min_length=1,
            max_length=MAX_TURNS,
            examples=[[{"role": "user", "content": "When does the ferry leave?"}]],
        ),
    ]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Annotated[Literal[1] | None, Field(description="One answer is all there is.")] = None
    documents: Documents = None

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with the tokens used."""
        return self.stream_options is not None and self.stream_options.include_usage

    def asked(self) -> IncomingQuestion:
        """Return the last message as the question, and those before it as its history."""
        *before, last = self.messages
        if last.role != "user":
            raise QuestionError("The last message must be the user's, since it is the question.")
        history = [turn for message in before if (turn := _turn(message))]
        return IncomingQuestion(question=last.text(), history=history, documents=self.documents)


def _turn(message: Message) -> Turn | None:
    if message.role == "user":
        return Turn(role="user", content=message.text())
    if message.role == "assistant":
        return Turn(role="assistant", content=without_footnotes(message.text()))
    return None


def footnotes(answer: Answer) -> str:
    """Return what stands below the answer's text: its citations and its notice, or ""."""
    lines = [_line(citation) for citation in answer.citations]
    if answer.notice:
        lines.append(f"Note: {_flat(answer.notice)}")
    return _RULE + "\n".join(lines) if lines else ""


def without_footnotes(text: str) -> str:
    """Return a text that a client sends back without the footnotes that it got."""
    body, rule, notes = text.rpartition(_RULE)
    if rule and all(_LINE.fullmatch(line) for line in notes.rstrip().splitlines()):
        return body
    return text


def _line(citation: Citation) -> str:
    place = [citation.title]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    place.append(f"sentence {citation.sentence_index + 1}")
    return f"[{citation.marker}] “{_flat(citation.text)}” ({_flat(', '.join(place))})"


def _flat(text: str) -> str:
    return " ".join(text.split())
