"""Exports of conversations: safe, complete, and checked again by ``chatbot verify``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ui_fakes import FakeBot, answer, claims

from chatbot import Chatbot, Settings
from chatbot.cli.app import run
from chatbot.errors import ExportError
from chatbot.types import Answer, Conversation, SavedTurn, Verdict
from chatbot.ui.export import answers_in, export
from chatbot.ui.texts import texts_in

EN = texts_in("en")
PAYLOAD = (
    "![i](http://evil.test/md.png) <img src=http://evil.test/i.png onerror='window.hit=1'> "
    "<script>window.hit=2</script> [x](javascript:window.hit=4) <style>*{color:url(//e)}</style>"
)


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path / "data", model="some-model")
    bot.add_text("Ann sent 12 boxes to Bo.\nCy stayed at home.", title="Boxes")
    return bot


@pytest.fixture
def conversation() -> Conversation:
    moment = "2026-11-22T10:00:00+00:00"
    return Conversation(id="c1", title="Who sent?", created=moment, updated=moment, turn_count=1)


def saved(made: Answer, *, number: int = 1) -> SavedTurn:
    return SavedTurn(
        id=f"t{number}",
        conversation_id="c1",
        question=made.question,
        answer=made,
        asked="2026-11-22T10:00:00+00:00",
        rating=-1,
        remark="Too short.",
    )


def three_claims(bot: FakeBot) -> SavedTurn:
    cited = (bot.citation(1), bot.citation(2, sentence=1))
    text, made = claims(
        ("Ann sent twelve boxes.", Verdict.SUPPORTED, (1,)),
        ("Cy was **away**.", Verdict.PARTLY, (2,)),
        ("Bo wept.", Verdict.UNSUPPORTED, ()),
    )
    return saved(answer(bot, "Who sent?", text, claims=made, citations=cited))


def poisoned(bot: FakeBot) -> SavedTurn:
    citation = replace(bot.citation(1), text=PAYLOAD, title=PAYLOAD, source=PAYLOAD)
    text, made = claims((PAYLOAD, Verdict.SUPPORTED, (1,)))
    told = {"claims": made, "citations": (citation,), "notice": PAYLOAD}
    return saved(answer(bot, PAYLOAD, text, **told))


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_markdown_has_a_footnote_for_each_cited_sentence(
    bot: FakeBot, conversation: Conversation
) -> None:
    turns = [three_claims(bot), replace(three_claims(bot), id="t2")]
    made = export(conversation, turns, "md", EN)
    assert made.name == "who-sent.md"
    assert "Ann sent twelve boxes. [^1-1]" in made.text
    assert "[^1-1]: “Ann sent 12 boxes to Bo.” (Boxes)" in made.text
    assert "[^2-2]: “Cy stayed at home.” (Boxes)" in made.text
    assert "Bo wept. (not supported by the documents)" in made.text
    used = set(re.findall(r"\[\^([\d-]+)\](?!:)", made.text))
    assert used == set(re.findall(r"^\[\^([\d-]+)\]:", made.text, re.MULTILINE))


def test_a_page_shows_quotes_verdicts_and_links_only_within_itself(
    bot: FakeBot, conversation: Conversation
) -> None:
    page = export(conversation, [three_claims(bot)], "html", EN)
    elements = Elements(page.text).found
    assert "<q>Cy stayed at home.</q>" in page.text
    assert "1 of 3 statements supported" in page.text
    ids = {attributes["id"] for _, attributes in elements if "id" in attributes}
    links = [attributes["href"] for tag, attributes in elements if tag == "a"]
    assert links == ["#q1s1", "#q1s2"]
    assert {str(link)[1:] for link in links} <= ids


@pytest.mark.parametrize("alone", [True, False])
def test_a_page_runs_and_loads_nothing_whatever_was_written(
    bot: FakeBot, conversation: Conversation, alone: bool
) -> None:
    named = replace(conversation, title=f"</title>{PAYLOAD}")
    text = export(named, [poisoned(bot)], "html", EN, alone=alone).text
    elements = Elements(text).found
    tags = {tag for tag, _ in elements}
    assert not tags & {"script", "img", "iframe", "link", "object", "form", "svg"}
    assert [tag for tag, _ in elements].count("style") == 1
    attributes = {name for _, found in elements for name in found}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
    assert "default-src 'none'" in text
    assert "&lt;script&gt;window.hit=2" in text


def test_markdown_shows_html_and_images_as_the_text_they_are(
    bot: FakeBot, conversation: Conversation
) -> None:
    text = export(replace(conversation, title=PAYLOAD), [poisoned(bot)], "md", EN).text
    assert not re.search(r"(?<!\\)<(img|script|style)", text)
    assert not re.search(r"(?<!\\)!\[", text)


def test_a_refusal_is_exported_without_sources(bot: FakeBot, conversation: Conversation) -> None:
    refusal = answer(bot, "Why?", "They do not say.", refused=True, retrieved=(bot.passage(0),))
    for name in ("md", "html"):
        text = export(conversation, [saved(refusal)], name, EN).text
        assert "Not in the documents" in text
        assert "Ann sent" not in text


def test_json_gives_back_the_same_answers(bot: FakeBot, conversation: Conversation) -> None:
    turn = three_claims(bot)
    whole = json.loads(export(conversation, [turn, turn], "json", EN).text)
    assert answers_in(whole) == [turn.answer, turn.answer]
    assert (whole["turns"][0]["rating"], whole["turns"][0]["remark"]) == (-1, "Too short.")
    one = json.loads(export(conversation, [turn], "json", EN, alone=True).text)
    assert one == turn.answer.to_dict()
    assert answers_in(one) == [turn.answer]


@pytest.mark.parametrize(
    "broken",
    [
        [],
        "x",
        {},
        {"format": "chatbot conversation"},
        {"turns": [1]},
        {"format": "chatbot conversation", "format_version": 2, "turns": []},
        {"format": "chatbot conversation", "format_version": 1, "turns": [{}]},
    ],
)
def test_what_is_no_export_is_refused(broken: object) -> None:
    with pytest.raises(ValueError, match=r"it is|not an answer|version|missing"):
        answers_in(broken)


def test_there_is_a_sentence_for_what_cannot_be_exported(
    bot: FakeBot, conversation: Conversation
) -> None:
    with pytest.raises(ExportError, match="The formats are md, html, json"):
        export(conversation, [three_claims(bot)], "exe", EN)
    with pytest.raises(ExportError, match="nothing to export"):
        export(conversation, [], "md", EN)


@pytest.mark.parametrize(
    "title", ["../../etc/passwd", "///", "日本は何を送りましたか？", "a" * 500]
)
def test_a_file_name_is_one_name(bot: FakeBot, conversation: Conversation, title: str) -> None:
    made = export(replace(conversation, title=title), [three_claims(bot)], "md", EN)
    assert re.fullmatch(r"[\w-]{1,60}\.md", made.name)


def test_the_command_line_exports_a_conversation_and_verifies_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_DATA_DIR", str(tmp_path / "data"))
    with Chatbot.from_settings(Settings()) as bot:
        person = bot.for_owner("ann")
        begun = person.conversations.start("Vehicles")
        for question in ("How many vehicles did Japan send?", "Who is the pope?"):
            made = person.ask(question)
            person.conversations.append(begun.id, question=question, answer=made)
    assert run(["export"]) == 0
    assert "2 turns  Vehicles" in capsys.readouterr().out
    assert run(["export", begun.id[:8], "--format", "json", "--output", str(tmp_path)]) == 0
    file = tmp_path / "vehicles.json"
    capsys.readouterr()
    assert run(["verify", str(file)]) == 0
    assert "The citation of 2 answers and its verdict hold" in capsys.readouterr().out
    changed = json.loads(file.read_text())
    changed["turns"][0]["answer"]["citations"][0]["text"] = "Japan sent 999 trucks."
    file.write_text(json.dumps(changed))
    assert run(["verify", str(file)]) == 1
    assert "Answer 1: Citation [1]" in capsys.readouterr().err
    assert run(["export", "0000", "--format", "md"]) == 2
