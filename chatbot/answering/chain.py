"""The LangChain chain that answers: question | retriever | evidence | prompt | model | citations.

Each step is a Runnable of its own, so that callbacks see it and a LangChain user can take it out.
What the steps know of one answer together stands in its ``AnswerRun``, which travels in the config.
Imports langchain_core, which costs time: import it where a model is asked, and only there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessageChunk, BaseMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import patch_config, run_in_executor
from langchain_core.runnables.graph import Graph

from chatbot.answering.find import FindResult
from chatbot.answering.prompts import Prompt
from chatbot.answering.question import SearchQuery
from chatbot.answering.request import Request
from chatbot.answering.streaming.reply import NO_ANSWER
from chatbot.errors import LLMError
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm import ChatModel
from chatbot.types import Answer, AnswerEvent, Choice, Citation, RetrievedSentence

THOUGHT = "thought"  # marks the chunk of a reply from which thinking aloud was taken out
Chain = Runnable[Request, AnswerEvent]
Asked = str | Mapping[str, Any]
Config = RunnableConfig | None
Start = Callable[..., Iterator[AnswerEvent]]  # begins an answer: see Chatbot.stream


@dataclass(slots=True, kw_only=True)
class AnswerRun:
    """What is known of one answer on its way through the chain."""

    request: Request
    deadline: Deadline
    stop: Cancel = field(default_factory=Cancel)
    """Ends the model's call: the wish of whoever asked, or of whoever reads the stream."""
    left: bool = False  # whether nobody reads the stream any more: then its end is no error
    query: SearchQuery | None = None
    found: FindResult | None = None
    sentences: tuple[RetrievedSentence, ...] = ()  # what the retriever returned, best first
    offered: Mapping[int, Citation] = field(default_factory=dict)
    """What the numbers that the model is shown point to."""
    asked: bool = True  # whether the model is asked at all
    choices: tuple[Choice, ...] = ()  # what the question may mean, where that is asked instead
    tokens: int = 0  # about how many the model is given to read

    def leave(self) -> None:
        """Stop the model, since what it would still write is not read."""
        self.left = True  # LangChain reads a stream that is closed to its end
        self.stop.set()

    def in_config(self, config: Config) -> RunnableConfig:
        """Return the config with this run in it."""
        return patch_config(config, configurable={"run": self})


def run_of(config: RunnableConfig) -> AnswerRun | None:
    """Return the run that a step works for; None where a user has taken the step out."""
    run = config.get("configurable", {}).get("run")
    return run if isinstance(run, AnswerRun) else None


def compose(
    *,
    question: Callable[[Request, RunnableConfig], str],
    retriever: BaseRetriever,
    evidence: Callable[[list[LangChainDocument], RunnableConfig], dict[str, Any]],
    prompt: Prompt,
    model: ChatModel,
    citations: Callable[[Iterator[BaseMessageChunk], RunnableConfig], Iterator[AnswerEvent]],
) -> Chain:
    """Return the chain."""
    return (
        RunnableLambda(question, name="question")
        | retriever
        | RunnableLambda(evidence, name="evidence")
        | chat_prompt(prompt)
        | AskedModel(model)
        | CitedAnswer(citations)
    )


def chat_prompt(prompt: Prompt) -> ChatPromptTemplate:
    """Return a prompt of ours as LangChain's, with the conversation between its two messages."""
    return ChatPromptTemplate(
        [
            ("system", prompt.system.strip()),
            MessagesPlaceholder("history", optional=True),
            ("user", prompt.user.strip()),
        ]
    )


class SentenceRetriever(BaseRetriever):
    """Retrieved sentences as LangChain documents; ``metadata`` holds the exact place of each."""

    search: Callable[..., list[RetrievedSentence]]
    limit: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, limit: int | None = None
    ) -> list[LangChainDocument]:
        del run_manager
        found = [asdict(one) for one in self.search(query, limit=limit or self.limit)]
        return [LangChainDocument(page_content=one.pop("text"), metadata=one) for one in found]


class AskedModel(Runnable[LanguageModelInput, BaseMessageChunk]):
    """The chat model within our time limits, with our second tries and typed errors."""

    name = "model"

    def __init__(self, model: ChatModel) -> None:
        """Take the model; nothing is sent."""
        self._model = model

    @property
    def bound(self) -> BaseChatModel:
        """LangChain's own model, without any of that."""
        return self._model.langchain

    def stream(
        self, input: LanguageModelInput, config: Config = None, **kwargs: object
    ) -> Iterator[BaseMessageChunk]:
        """Yield an empty chunk at once, then the text, then the usage.

        Raises:
            LLMError: the answer failed or stays incomplete.
        """
        run = run_of(config or {})
        if run is not None and not run.asked:
            yield AIMessageChunk(content=NO_ANSWER)
            return
        yield AIMessageChunk(content="")
        stop, deadline = (run.stop, run.deadline) if run else (None, None)
        try:
            with self._model.stream(input, cancel=stop, deadline=deadline, config=config) as said:
                for delta in said:
                    yield AIMessageChunk(content=delta)
        except LLMError:
            if run is not None and run.left:
                return
            raise
        known = said.known.usage
        if known.tokens_in is not None:
            read, wrote = known.tokens_in, known.tokens_out or 0
            usage = UsageMetadata(input_tokens=read, output_tokens=wrote, total_tokens=read + wrote)
            if known.cached is not None:
                usage["input_token_details"] = {"cache_read": known.cached}
            yield AIMessageChunk(content="", usage_metadata=usage)
        if said.known.thought:
            yield AIMessageChunk(content="", additional_kwargs={THOUGHT: True})

    def invoke(
        self, input: LanguageModelInput, config: Config = None, **kwargs: object
    ) -> BaseMessageChunk:
        """Return the whole answer; see ``stream``."""
        chunks = list(self.stream(input, config, **kwargs))
        return sum(chunks[1:], chunks[0])


class CitedAnswer(RunnableGenerator[BaseMessageChunk, AnswerEvent]):
    """Resolves markers and checks claims while the model writes; the Answer comes last."""

    def __init__(
        self, resolve: Callable[[Iterator[BaseMessageChunk], RunnableConfig], Iterator[AnswerEvent]]
    ) -> None:
        """Take what does it."""
        super().__init__(resolve, name="citations")  # type: ignore[arg-type]

    def invoke(
        self, input: BaseMessageChunk, config: Config = None, **kwargs: object
    ) -> AnswerEvent:
        """Return the Answer of a whole reply."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer


class AnswerRunnable(Runnable[Asked, Any]):
    """A bot as a Runnable: from a question, or a mapping with ``question``, to an Answer.

    The mapping may have what ``Chatbot.stream`` takes, such as ``history`` and ``documents``.
    ``stream`` yields the events of the answer, the Answer last. Callbacks, tags and metadata of the
    config reach each step of ``chain``; where the model fails the answer is quoted, as everywhere.
    """

    name = "chatbot"

    def __init__(self, start: Start, chain: Chain | None) -> None:
        """Take what begins an answer, and the chain that it runs; None where nothing is asked."""
        self.chain = chain
        self._start = start

    def stream(
        self, input: Asked, config: Config = None, *, cancel: Cancel | None = None, **kwargs: object
    ) -> Iterator[AnswerEvent]:
        """Yield the events of the answer."""
        named = {"question": input} if isinstance(input, str) else dict(input)
        yield from self._start(**named, config=config, cancel=cancel)

    def invoke(self, input: Asked, config: Config = None, **kwargs: object) -> Answer:
        """Return the Answer."""
        *_, answer = self.stream(input, config)
        assert isinstance(answer, Answer)
        return answer

    async def astream(
        self, input: Asked, config: Config = None, **kwargs: object
    ) -> AsyncIterator[AnswerEvent]:
        """Yield the events of the answer; leaving the loop stops the model."""
        cancel = Cancel()
        events = self.stream(input, config, cancel=cancel)
        try:
            while (event := await run_in_executor(config, next, events, None)) is not None:
                yield event
        finally:
            cancel.set()

    async def ainvoke(self, input: Asked, config: Config = None, **kwargs: object) -> Answer:
        """Return the Answer; cancelling the task stops the model."""
        answer = [event async for event in self.astream(input, config, **kwargs)][-1]
        assert isinstance(answer, Answer)
        return answer

    def get_graph(self, config: Config = None) -> Graph:
        """Return the graph of the chain."""
        return super().get_graph(config) if self.chain is None else self.chain.get_graph(config)
