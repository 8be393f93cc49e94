"""The chain that answers: search query, retrieval, reading, writing or quoting, checking.

With a model the answer is written and each claim of it checked as it completes; without one, or
when the model fails, the answer is made of quoted sentences. The bot uses it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatbot.answering.assembly import Stopwatch
from chatbot.answering.extractive import quote
from chatbot.answering.language import detect_language, notice_for
from chatbot.answering.request import Request
from chatbot.answering.retrieve import Retriever
from chatbot.errors import LLMError, QuestionError
from chatbot.models.cancel import Cancel
from chatbot.models.reader import Reader
from chatbot.types import Answer, AnswerEvent, Restarted, Turn

if TYPE_CHECKING:
    from chatbot.answering.generative import Writer

_log = logging.getLogger(__name__)


class AnswerChain:
    """Answers questions on one store; usable from several threads at once."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        reader: Reader,
        writer: Writer | None,
        max_question_chars: int,
    ) -> None:
        """Put the parts together; without a ``writer`` every answer is quoted."""
        self._retriever = retriever
        self._reader = reader
        self._writer = writer
        self._limit = max_question_chars

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
        search_query: str | None,
        cancel: Cancel,
    ) -> Iterator[AnswerEvent]:
        """Yield the answer as it comes, and last the Answer; nothing last after a cancel.

        Raises:
            QuestionError: if the question is empty or too long (before the first event).
            StoreError: if the store cannot be read.
        """
        text = self._checked(question)
        language = detect_language(text)
        notice = notice_for(language)
        request = Request(
            question=text,
            language=language,
            notices=[notice] if notice else [],
            history=tuple(history),
            documents=None if documents is None else tuple(documents),
            search_query=search_query,
            cancel=cancel,
            clock=Stopwatch(),
        )
        return self._events(request)

    def _events(self, request: Request) -> Iterator[AnswerEvent]:
        if self._writer is not None:
            started = False
            try:
                for event in self._writer.write(request):
                    started = True
                    yield event
                return
            except LLMError as error:
                if request.cancel.is_set():
                    return
                _log.info("The model failed, quoting instead: %s", error)
                request.notices.append(f"{error} So this answer quotes the documents instead.")
                if started:
                    yield Restarted(reason=str(error))
        for event in quote(request, retriever=self._retriever, reader=self._reader):
            if request.cancel.is_set() and not isinstance(event, Answer):
                return
            yield event

    def _checked(self, question: str) -> str:
        text = question.strip()
        if not text:
            raise QuestionError("The question is empty; ask something.")
        limit = self._limit
        if len(text) > limit:
            raise QuestionError(
                f"The question has {len(text)} characters; ask it in at most {limit}."
            )
        return text
