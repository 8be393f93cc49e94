"""The chain of LangChain that answers: its steps, its callbacks, and parts of somebody's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import cut, says, stalls
from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Settings, Turn, Verdict
from chatbot.answering.chain import SentenceRetriever
from chatbot.errors import LLMIncomplete, RetrieverError
from chatbot.types import MarkerResolved, ReadingPrompt, Restarted, TextDelta

FERRY = "The ferry to Holm leaves at 9 in the morning."
TICKET = "A return ticket costs 12 euros."
TEXT = f"{FERRY} {TICKET} Dogs travel free. The captain is Ida Berg."
QUESTION = "What does a return ticket cost?"

MakeBot = Callable[..., Chatbot]


class Seen(BaseCallbackHandler):
    """Remembers which steps began, with their names, tags and metadata."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.tags: set[str] = set()
        self.metadata: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.errors: list[BaseException] = []

    def _began(self, **more: Any) -> None:  # noqa: ANN401
        self.names.append(more.get("name") or "")
        self.tags.update(more.get("tags") or ())
        self.metadata.append(more.get("metadata") or {})

    def on_chain_start(self, *_: object, **more: Any) -> None:  # noqa: ANN401
        self._began(**more)

    on_retriever_start = on_chain_start

    def on_chat_model_start(self, serialized: dict[str, Any], *_: object, **more: Any) -> None:  # noqa: ANN401
        self._began(**{**more, "name": serialized["name"]})

    def on_llm_new_token(self, token: object, **_: object) -> None:
        self.tokens.append(str(token))

    def on_chain_error(self, error: BaseException, **_: object) -> None:
        self.errors.append(error)


@pytest.fixture(name="ferry_bot")
def make_ferry_bot(make_bot: MakeBot) -> Chatbot:
    bot = make_bot(corpus_dir=None)
    bot.add_text(TEXT, title="Ferry")
    return bot


def test_callbacks_tags_and_metadata_reach_every_step(
    ferry_bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("A return ticket costs 12 euros [2]."))
    seen = Seen()
    runnable = ferry_bot.as_runnable().with_config(tags=["mine"], metadata={"run": 7})
    answer = runnable.invoke(QUESTION, {"callbacks": [seen]})
    steps = ["question", "SentenceRetriever", "evidence", "ChatPromptTemplate", "ChatOpenAI"]
    assert [name for name in seen.names if name in steps] == steps
    assert "citations" in seen.names
    assert "mine" in seen.tags
    assert all(metadata["run"] == 7 for metadata in seen.metadata)
    assert "".join(seen.tokens) == answer.text
    assert [claim.verdict for claim in answer.claims] == [Verdict.QUOTED]


def test_the_runnable_streams_what_the_bot_streams(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.default = says("Twelve euros, says the list: a return ticket costs 12 euros [2].")
    events = list(ferry_bot.as_runnable().stream({"question": QUESTION}))
    assert [type(event) for event in events] == [type(e) for e in ferry_bot.stream(QUESTION)]
    assert isinstance(events[0], ReadingPrompt)
    assert any(isinstance(event, MarkerResolved) for event in events)
    assert isinstance(events[-1], Answer)


def test_the_chain_can_be_taken_apart(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.default = says("Twelve.")
    _, retriever, _, prompt, model, _ = ferry_bot.as_runnable().chain.steps  # type: ignore[union-attr]
    found = retriever.invoke("return ticket")
    assert found[0].page_content == TICKET
    assert model.invoke("What does it cost?").text == "Twelve."
    assert isinstance(model.bound, ChatOpenAI)
    assert {"evidence", "question"} <= set(prompt.input_variables)
    steps = [one.name for one in ferry_bot.as_runnable().get_graph().nodes.values()]
    assert {"question", "SentenceRetriever", "evidence", "model", "citations"} <= set(steps)


def test_it_is_a_step_of_other_chains(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("A return ticket costs 12 euros [2]."))
    chain = RunnableLambda(str.strip) | ferry_bot.as_runnable() | (lambda answer: answer.text)
    assert chain.invoke(f" {QUESTION} ") == "A return ticket costs 12 euros [2]."


async def test_it_answers_and_streams_for_asyncio(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.default = says("A return ticket costs 12 euros [2].")
    runnable = ferry_bot.as_runnable()
    answer = await runnable.ainvoke(QUESTION)
    events = [event async for event in runnable.astream(QUESTION)]
    assert isinstance(events[-1], Answer)
    assert events[-1].text == answer.text
    assert isinstance(events[0], ReadingPrompt)


async def test_leaving_the_async_stream_stops_the_model(
    ferry_bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(stalls("A return ticket", seconds=20))
    async for event in ferry_bot.as_runnable().astream(QUESTION):
        if isinstance(event, TextDelta):
            break
    assert await asyncio.to_thread(fake_llm.requests[0].closed.wait, 5)


def test_a_failing_model_is_seen_by_callbacks_and_the_answer_is_quoted(
    ferry_bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(cut("A return ticket costs"))
    seen = Seen()
    events = list(ferry_bot.as_runnable().stream(QUESTION, {"callbacks": [seen]}))
    assert any(isinstance(event, Restarted) for event in events)
    assert isinstance(events[-1], Answer)
    assert events[-1].mode == "extractive"
    assert any(isinstance(error, LLMIncomplete) for error in seen.errors)


def test_a_bot_without_a_model_is_a_runnable_too(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        bot.add_text(TEXT, title="Ferry")
        assert bot.as_runnable().invoke(QUESTION).text == f"{TICKET} [1]"
        assert bot.as_runnable().chain is None


def test_somebodys_own_chat_model_answers(tmp_path: Path) -> None:
    model = GenericFakeChatModel(
        messages=iter([AIMessage("A return ticket costs 12 euros [2].")] * 2)
    )
    settings = Settings(data_dir=tmp_path, corpus_dir=None)
    with Chatbot.from_settings(settings, chat_model=model) as bot:
        bot.add_text(TEXT, title="Ferry")
        answer = bot.ask(QUESTION)
        assert (answer.mode, bot.mode) == ("own:GenericFakeChatModel",) * 2
        assert [citation.text for citation in answer.citations] == [TICKET]


class Fixed(BaseRetriever):
    """Returns the same documents for every query."""

    documents: list[Document]
    queries: list[str]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        self.queries.append(query)
        return self.documents


@pytest.fixture(name="fixed")
def make_fixed_bot(tmp_path: Path, fake_llm: FakeLLM) -> Iterator[tuple[Chatbot, Fixed]]:
    retriever = Fixed(documents=[], queries=[])
    settings = Settings(
        data_dir=tmp_path, corpus_dir=None, model="openai:m", base_url=fake_llm.base_url
    )
    with Chatbot.from_settings(settings, retriever=retriever) as bot:
        bot.add_text(TEXT, title="Ferry")
        yield bot, retriever


def test_somebodys_own_retriever_chooses_the_evidence(
    fixed: tuple[Chatbot, Fixed], fake_llm: FakeLLM
) -> None:
    bot, retriever = fixed
    retriever.documents = bot.as_retriever().invoke("captain Ida Berg")[:1]
    fake_llm.queue(says("The captain is Ida Berg [1]."))
    answer = bot.ask("Who is in command of the ferry?")
    assert retriever.queries == ["Who is in command of the ferry?"]
    assert [one.text for one in answer.retrieved] == ["The captain is Ida Berg."]
    assert [citation.text for citation in answer.citations] == ["The captain is Ida Berg."]
    assert "12 euros" not in fake_llm.requests[0].messages[-1][1]


def test_where_it_finds_nothing_the_model_is_not_asked(
    fixed: tuple[Chatbot, Fixed], fake_llm: FakeLLM
) -> None:
    bot, _ = fixed
    assert bot.ask(QUESTION).refused
    assert fake_llm.calls == 0


@pytest.mark.parametrize("metadata", [{}, {"document_id": "x"}, {"index": 0}])
def test_a_text_without_a_place_in_the_store_is_an_error_that_says_so(
    metadata: dict[str, object], fixed: tuple[Chatbot, Fixed]
) -> None:
    bot, retriever = fixed
    retriever.documents = [Document("Dogs travel for 99 euros.", metadata=metadata)]
    with pytest.raises(RetrieverError, match="as_retriever"):
        bot.ask(QUESTION)


def test_earlier_turns_are_sent_without_their_markers(
    ferry_bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.default = says("What does a return ticket cost?")
    history = [
        Turn(role="user", content="old"),
        Turn(role="user", content="Who?"),
        Turn(role="assistant", content="Ida [3]. " + "x" * 1000),
        Turn(role="user", content="And?"),
        Turn(role="assistant", content=" "),
    ]
    ferry_bot.ask(QUESTION, history=history)
    sent = fake_llm.requests[-1].messages
    assert [role for role, _ in sent] == ["system", "user", "assistant", "user", "user"]
    assert sent[2][1].startswith("Ida. x")
    assert len(sent[2][1]) < 610


@pytest.mark.parametrize(
    "said", ["NO_ANSWER", " **NO_ANSWER**", "`NO\\_ANSWER`.", "NO_ANSWER\n\nThey do not say."]
)
def test_the_word_for_no_answer_is_never_shown(
    said: str, ferry_bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says(list(said)))
    *events, answer = ferry_bot.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.refused
    assert "ANSWER" not in "".join(e.text for e in events if isinstance(e, TextDelta))


def test_a_search_that_finds_nothing_asks_no_model(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    seen = Seen()
    answer = ferry_bot.as_runnable().invoke("zxqv blorp?", {"callbacks": [seen]})
    assert answer.refused
    assert answer.prompt is None
    assert fake_llm.calls == 0


def test_the_tokens_that_a_server_reused_are_told(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("A return ticket costs 12 euros [2].", cached=9))
    usage = ferry_bot.ask(QUESTION).usage
    assert (usage.tokens_in, usage.tokens_reused) == (11, 9)


def test_a_search_of_the_retriever_takes_a_limit(ferry_bot: Chatbot) -> None:
    retriever = ferry_bot.as_retriever(limit=3)
    assert isinstance(retriever, SentenceRetriever)
    assert len(retriever.invoke("ferry")) == 3
    assert len(retriever.invoke("ferry", limit=1)) == 1


def test_answers_beside_each_other_do_not_mix(ferry_bot: Chatbot, fake_llm: FakeLLM) -> None:
    fake_llm.default = lambda request: says(request.messages[-1][1].rpartition("Question: ")[2])
    questions = [f"{QUESTION} {n} euros?" for n in range(6)]
    answers: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda q=q: answers.update({q: ferry_bot.ask(q).text}))
        for q in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {question: question for question in questions}
