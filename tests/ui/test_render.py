"""What the page is given: answers, documents and verdicts as plain values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_fakes import FakeBot, answer, claims

from chatbot.types import (
    Claim,
    ClaimChecked,
    MarkerResolved,
    ReadingPrompt,
    Restarted,
    ShortAnswer,
    TextDelta,
    Verdict,
)
from chatbot.ui.answer_text import render_blocks
from chatbot.ui.assets import page_head, script_json
from chatbot.ui.draft import TurnDraft
from chatbot.ui.places import shortened
from chatbot.ui.render import mode_view, turn_view
from chatbot.ui.texts import texts_in

TEXT = "Ann sent 12 boxes to Bo.\nCy stayed at home. Bo was glad."
EN = texts_in("en")


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path, model="openai:some-model")
    bot.add_text(TEXT, title="Boxes")
    return bot


def done(bot: FakeBot, *parts: tuple[str, Verdict, tuple[int, ...]], **more: object) -> TurnDraft:
    text, made = claims(*parts)
    cited = tuple(bot.citation(marker, sentence=marker - 1) for part in parts for marker in part[2])
    finished = answer(bot, "Who?", text, claims=made, citations=cited, **more)
    return TurnDraft(id="t", question="Who?", mode=bot.mode).after([finished])


def parts(draft: TurnDraft) -> list[dict[str, Any]]:
    return [part for block in render_blocks(draft, EN) for part in block["parts"]]


# ---- claims, markers, verdicts


def test_a_quotation_is_not_read_as_markdown(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    bot.add_text("The **stars** and `ticks` stand.", title="Stars")
    text, made = claims(("The **stars** and `ticks` stand.", Verdict.QUOTED, (1,)))
    draft = TurnDraft(id="t", question="?", mode="extractive").after(
        [answer(bot, "?", text, claims=made, citations=(bot.citation(1),))]
    )
    assert parts(draft)[0]["text"].rstrip() == "The **stars** and `ticks` stand."


def test_a_verdict_stands_behind_the_markers_of_its_claim(bot: FakeBot) -> None:
    draft = done(bot, ("Ann sent them.", Verdict.SUPPORTED, (1,)), ("Cy ran.", Verdict.PARTLY, ()))
    kinds = [(part["kind"], part.get("verdict"), part.get("marker")) for part in parts(draft)]
    assert kinds == [
        ("text", "supported", None),
        ("text", "", None),
        ("marker", None, 1),
        ("verdict", "supported", None),
        ("text", "", None),
        ("text", "partly", None),
        ("verdict", "partly", None),
    ]


def test_a_citation_that_the_check_found_is_shown_beside_the_claim(bot: FakeBot) -> None:
    claim = Claim(
        text="Ann sent them.",
        start=0,
        end=14,
        verdict=Verdict.SUPPORTED,
        score=0.9,
        citations=(1,),
    )
    made = answer(bot, "?", claim.text, claims=(claim,), citations=(bot.citation(1),))
    draft = TurnDraft(id="t", question="?", mode=bot.mode).after([made])
    found = [part for part in parts(draft) if part["kind"] == "marker"]
    assert [(part["state"], part["marker"]) for part in found] == [("found", 1)]
    assert "found by the check" in found[0]["label"]


def test_a_marker_that_was_never_offered_is_shown_as_a_defect(bot: FakeBot) -> None:
    claim = Claim(
        text="Ann sent them [9].",
        start=0,
        end=18,
        verdict=Verdict.UNSUPPORTED,
        score=None,
        unknown_markers=(9,),
    )
    draft = TurnDraft(id="t", question="?", mode=bot.mode).after(
        [answer(bot, "?", claim.text, claims=(claim,))]
    )
    marker = next(part for part in parts(draft) if part["kind"] == "marker")
    verdict = next(part for part in parts(draft) if part["kind"] == "verdict")
    assert marker["state"] == "unknown"
    assert "[9], which points to nothing" in verdict["title"]


def test_a_bracket_of_a_quoted_sentence_is_no_marker(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    bot.add_text(TEXT, title="Boxes")
    text, made = claims(("[5] Ann sent 12 boxes.", Verdict.QUOTED, (1,)))
    finished = answer(bot, "Who?", text, claims=made, citations=(bot.citation(1),))
    draft = TurnDraft(id="t", question="Who?", mode=bot.mode).after([finished])
    shown = [(part["kind"], part.get("text", part.get("marker"))) for part in parts(draft)]
    assert ("text", "[5]") in shown
    assert ("marker", 1) in shown


def test_what_the_check_takes_for_code_is_no_marker(bot: FakeBot) -> None:
    text, made = claims(
        ("`So says Ann", Verdict.UNSUPPORTED, (1,)), ("Bo too", Verdict.QUOTED, (1,))
    )
    text = text.replace("Bo too", "\nBo too")
    moved = (made[0], replace(made[1], start=made[1].start + 1, end=made[1].end + 1))
    finished = answer(bot, "Who?", text, claims=moved, citations=(bot.citation(1),))
    draft = TurnDraft(id="t", question="Who?", mode=bot.mode).after([finished])
    written = [
        part["key"] for part in parts(draft) if part["kind"] == "marker" and part["key"][0] == "m"
    ]
    assert written == [f"m{text.rindex('[1]')}"]


def test_greetings_get_no_verdict_mark(bot: FakeBot) -> None:
    assert [part["kind"] for part in parts(done(bot, ("Hello!", Verdict.NO_CLAIM, ())))] == ["text"]


def test_the_short_answer_is_marked_inside_the_quote(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    bot.add_text(TEXT, title="Boxes")
    citation = bot.citation(1)
    start = TEXT.index("12 boxes")
    short = ShortAnswer(
        text="12 boxes", document_id=citation.document_id, start=start, end=start + 8
    )
    draft = done(bot, (citation.text, Verdict.QUOTED, (1,)), short_answer=short)
    assert [part["text"] for part in parts(draft) if "short" in part.get("style", [])] == [
        "12 boxes"
    ]


def test_a_marker_keeps_its_key_while_the_answer_goes_on(bot: FakeBot) -> None:
    citation = bot.citation(1)
    draft = TurnDraft(id="t", question="?", mode=bot.mode).after(
        [TextDelta(text="Ann sent 12. [1]")]
    )
    before = [part for part in parts(draft) if part["kind"] == "marker"]
    claim = Claim(
        text="Ann sent 12.", start=0, end=12, verdict=Verdict.SUPPORTED, score=1, citations=(1,)
    )
    events = [
        MarkerResolved(citation=citation),
        ClaimChecked(claim=claim, citations=(citation,)),
        TextDelta(text=" And **more"),
    ]
    after = [part for part in parts(draft.after(events)) if part["kind"] == "marker"]
    assert [part["key"] for part in before] == [part["key"] for part in after]
    assert (before[0]["state"], after[0]["state"]) == ("pending", "cited")


@given(st.lists(st.sampled_from(["Ann ", "[1]", " ", "\n\n", "- ", "**", "`", "x."]), max_size=20))
def test_keys_are_unique_at_every_moment_of_a_stream(pieces: list[str]) -> None:
    draft = TurnDraft(id="t", question="?", mode="m")
    for piece in pieces:
        draft = draft.after([TextDelta(text=piece)])
        blocks = render_blocks(draft, EN)
        keys = [part["key"] for block in blocks for part in block["parts"]]
        assert len(keys) == len(set(keys))
        assert len({block["key"] for block in blocks}) == len(blocks)


# ---- a turn


def test_a_restart_clears_the_text_and_says_why(bot: FakeBot) -> None:
    draft = TurnDraft(id="t", question="?", mode=bot.mode).after(
        [TextDelta(text="Half an"), Restarted(reason="The server hung up.")]
    )
    view = turn_view(draft, EN)
    assert view["blocks"] == []
    assert view["notice"].endswith("The server hung up.")


def test_a_stopped_answer_says_that_it_is_unfinished(bot: FakeBot) -> None:
    draft = TurnDraft(id="t", question="?", mode=bot.mode, state="stopped", text="Half an")
    view = turn_view(draft, EN)
    assert view["state"] == "stopped"
    assert "not checked" in view["status"]
    assert view["summary"] is None


def test_a_refusal_lists_passages_but_no_sources(bot: FakeBot) -> None:
    refusal = answer(
        bot,
        "?",
        "The documents do not say that.",
        refused=True,
        retrieved=tuple(bot.passage(index) for index in (0, 1, 2)),
    )
    view = turn_view(TurnDraft(id="t", question="?", mode=bot.mode).after([refusal]), EN)
    assert view["refused"]
    assert view["summary"] is None
    assert view["citations"] == []
    assert [passage["sentence"] for passage in view["closest"]] == [0, 1, 2]
    assert {passage["place"] for passage in view["closest"]} == {""}


def test_closest_passages_of_several_places_say_where_they_stand(bot: FakeBot) -> None:
    passages = (bot.passage(0), replace(bot.passage(1), page=2))
    refusal = answer(bot, "?", "No.", refused=True, retrieved=passages)
    view = turn_view(TurnDraft(id="t", question="?", mode=bot.mode).after([refusal]), EN)
    assert [passage["place"] for passage in view["closest"]] == ["Boxes", "Boxes · page 2"]


@pytest.mark.parametrize(
    ("question", "query", "shown"),
    [
        ("How many?", "How many boxes did Ann send?", "How many boxes did Ann send?"),
        ("How many  boxes?", "how many boxes", ""),
    ],
)
def test_the_search_query_is_shown_where_it_differs(
    bot: FakeBot, question: str, query: str, shown: str
) -> None:
    made = replace(answer(bot, question, "x"), search_query=query)
    assert (
        turn_view(TurnDraft(id="t", question=question, mode="m").after([made]), EN)["searched"]
        == shown
    )


def test_a_marker_has_a_name_for_screen_readers(bot: FakeBot) -> None:
    view = turn_view(done(bot, ("Ann sent them.", Verdict.SUPPORTED, (1,))), EN)
    assert view["citations"][0]["label"] == "source 1: Ann sent 12 boxes to Bo."


def test_a_turn_is_json(bot: FakeBot) -> None:
    view = turn_view(done(bot, ("Ann sent them.", Verdict.SUPPORTED, (1,))), EN)
    assert json.loads(json.dumps(view)) == view


# ---- the rest


def test_the_mode_is_the_name_of_the_model_without_its_provider() -> None:
    assert mode_view("extractive")["name"] == ""
    assert mode_view("openai:gpt-5-mini")["name"] == "gpt-5-mini"


def test_long_labels_are_cut_at_a_word() -> None:
    assert shortened("one two three", 9) == "one two …"


def test_values_cannot_end_the_script_they_stand_in() -> None:
    assert "</script" not in script_json({"x": "</script><script>alert(1)</script>"})
    assert page_head(mode=mode_view("</script><img>")).count("</script>") == 1


def test_what_the_list_of_documents_says_is_shown_as_a_list_and_a_quote_as_it_stands(
    bot: FakeBot,
) -> None:
    words = "There is 1 document:\n- Boxes (added on 2026-11-22)"
    shown = []
    for kind in ("catalogue", "answer"):
        made = answer(bot, "What is there?", words, kind=kind, mode="extractive")
        draft = TurnDraft(id="1", question="What is there?", mode="extractive").after([made])
        shown.append([block["kind"] for block in turn_view(draft, EN)["blocks"]])
    assert shown == [["paragraph", "bullet"], ["paragraph"]]


def test_which_part_of_a_long_document_is_read_is_said() -> None:
    draft = TurnDraft(id="t", question="Summarise it.", mode="openai:small")
    whole = draft.after([ReadingPrompt(tokens=1013)])
    assert turn_view(whole, EN)["status"] == "The model reads 1,013 tokens"
    part = draft.after([ReadingPrompt(tokens=1013, part=2, parts=5)])
    assert turn_view(part, EN)["status"] == "The model reads part 2 of 5, 1,013 tokens"
