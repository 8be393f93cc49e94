"""The chat model, for any number of threads: each answer has a ``Generation`` of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import math
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from chatbot.errors import LLMBadResponse, LLMRateLimited, LLMTimeout, LLMUnavailable
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm.chunks import Outcome
from chatbot.models.llm.errors import describe
from chatbot.models.llm.loop import BackgroundStream, background_loop
from chatbot.models.llm.policy import Breaker, Failure, pause_before_retry
from chatbot.models.llm.provider import build_model, provider_of, silence_tracing, untraced
from chatbot.models.llm.server import pooled_client
from chatbot.models.llm.text import CHARS_PER_TOKEN, AnswerText
from chatbot.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import RunnableConfig

Message = tuple[Literal["system", "user", "assistant"], str]

Chunks = Callable[[], "AsyncGenerator[AIMessageChunk, None]"]
"""Begins one call."""

_log = logging.getLogger(__name__)
_SHARE_OF_DEADLINE = 0.95
"""The rest is for the extractive answer that follows a failure."""
_SERVER_FAILED = (LLMUnavailable, LLMTimeout, LLMRateLimited, LLMBadResponse)
"""What the breaker counts: not a wrong key or an empty account, which are told at once anyway."""


class Generation(Iterator[str]):
    """The text deltas of one answer, never empty, and what is known of it afterwards.

    Nothing is sent before the first ``next``, which may raise an LLMError, as every later one:
    the answer failed or stays incomplete. Closing it, or dropping it, closes the connection to the
    server.
    """

    def __init__(self, known: Outcome, deltas: Generator[str, None, None]) -> None:
        # No cycle between the two, so that a dropped generation is closed at once.
        self.known = known
        self._deltas = deltas

    def __next__(self) -> str:
        return next(self._deltas)

    def close(self) -> None:
        """Stop it."""
        self._deltas.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ChatModel:
    """A chat model behind ``settings.model``."""

    def __init__(self, settings: Settings, own: BaseChatModel | None = None) -> None:
        """Build the model, or take somebody's ``own``; nothing is sent.

        Raises:
            SettingsError: if the model, its package, its key or its address cannot work.
        """
        silence_tracing(settings)
        self.name = settings.model or ""
        self._settings = settings
        self._breaker = Breaker()
        ours = own is None and provider_of(self.name) == "openai"
        self._client = pooled_client(settings) if ours else None
        self._own = own
        self._model = own or build_model(settings, client=self._client)
        self._dropped = weakref.finalize(self, _start_closing, self._client)
        self._dropped.atexit = False

    def __repr__(self) -> str:
        return f"ChatModel({self.name!r})"

    @cached_property
    def langchain(self) -> BaseChatModel:
        """The same model for LangChain's own chains: it may be used from any event loop."""
        return self._own or build_model(self._settings)

    def close(self) -> None:
        """Close the connections. The model may not be used afterwards."""
        if self._dropped.detach() and (closing := _start_closing(self._client)):
            with contextlib.suppress(TimeoutError):
                closing.result(timeout=2)

    def deadline(self) -> Deadline:
        """Return a deadline for all the calls of one answer, starting now."""
        whole = self._settings.llm_deadline
        return Deadline(math.inf if whole is None else whole * _SHARE_OF_DEADLINE)

    def stream(
        self,
        messages: LanguageModelInput,
        *,
        cancel: Cancel | None = None,
        deadline: Deadline | None = None,
        config: RunnableConfig | None = None,
    ) -> Generation:
        """Return the answer as an iterator of text deltas.

        Args:
            messages: (role, text) pairs, or what else LangChain takes.
            cancel: stops it from any thread: it then raises ``LLMIncomplete``.
            deadline: shared by the calls of one answer; None starts one at the first ``next``.
            config: LangChain's, with the callbacks that are to see the call.
        """
        outcome = Outcome()

        async def chunks() -> AsyncGenerator[AIMessageChunk, None]:
            with untraced(self._settings):
                async for chunk in self._model.astream(messages, config):
                    outcome.note(chunk)
                    yield chunk

        deltas = self._deltas(outcome, chunks, cancel or Cancel(), deadline)
        return Generation(outcome, deltas)

    def complete(
        self,
        messages: Sequence[Message],
        *,
        cancel: Cancel | None = None,
        deadline: Deadline | None = None,
        config: RunnableConfig | None = None,
    ) -> Outcome:
        """Return the whole answer at once; an LLMError if it failed or stays incomplete."""
        with self.stream(messages, cancel=cancel, deadline=deadline, config=config) as generation:
            generation.known.text = "".join(generation)
        return generation.known

    def _deltas(
        self, outcome: Outcome, chunks: Chunks, cancel: Cancel, deadline: Deadline | None
    ) -> Generator[str, None, None]:
        self._breaker.check()
        deadline = deadline or self.deadline()
        began = time.monotonic()
        failure = yield from self._attempt(outcome, chunks, cancel, deadline)
        if failure is not None:
            _log.info("The first call to %s: %s", self.name, failure.error)
            took = time.monotonic() - began
            pause = pause_before_retry(failure, took=took, remaining=deadline.remaining())
            if pause is not None and not cancel.wait(pause):
                failure = yield from self._attempt(outcome, chunks, cancel, deadline)
        if failure is not None:
            if isinstance(failure.error, _SERVER_FAILED):
                self._breaker.failed()
            raise failure.error
        self._breaker.succeeded()
        outcome.complete = True

    def _attempt(
        self, outcome: Outcome, chunks: Chunks, cancel: Cancel, deadline: Deadline
    ) -> Generator[str, None, Failure | None]:
        """Yield the text of one call; return how it failed, or None when it is complete."""
        answer, settings = AnswerText(), self._settings
        stream = BackgroundStream(chunks)
        forget = cancel.call_on_set(stream.close)
        first = settings.llm_first_token_timeout + settings.llm_connect_timeout
        try:
            while True:
                # Some servers open the stream at once, and read the prompt after that.
                patience = settings.llm_read_timeout if answer.began else first
                item = stream.next(min(patience, deadline.remaining()))
                if item is None:
                    return Failure(answer.too_slow(in_time=deadline.remaining() > 0))
                if isinstance(item, concurrent.futures.Future):
                    break
                text = answer.feed(str(item.text))
                outcome.thought = answer.thoughts.found
                if text:
                    yield text
                if len(answer.released) > settings.max_answer_tokens * CHARS_PER_TOKEN:
                    return Failure(answer.incomplete("length"))
            stopped = concurrent.futures.CancelledError() if item.cancelled() else None
            if (raised := stopped or item.exception()) is not None:
                failure = describe(raised, started=bool(answer.released))
                # A call whose text has been seen is never tried again: the text would come twice.
                return Failure(failure.error) if answer.released else failure
            if text := answer.finish():
                yield text
            # Of somebody's own model it is not known whether it says why it ended.
            error = answer.fault(outcome.finish_reason or ("stop" if self._own else None))
            return Failure(error) if error else None
        finally:
            forget()
            stream.close()


def _start_closing(client: httpx2.AsyncClient | None) -> concurrent.futures.Future[None] | None:
    """Close the connections on their loop, without waiting: this may itself run on the loop."""
    if client is None:
        return None
    return asyncio.run_coroutine_threadsafe(client.aclose(), background_loop())
