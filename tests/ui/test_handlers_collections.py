"""Collections and links, as the page's calls handle them: whose they are, and errors as words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_fakes import FakeBot, answer
from ui_requests import event, request

if TYPE_CHECKING:
    from chatbot.ui.handlers import CollectionHandlers, LinkHandlers


@pytest.fixture(autouse=True)
def no_analytics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    return FakeBot(tmp_path, share_links=True)


@pytest.fixture
def sets(bot: FakeBot) -> CollectionHandlers:
    from chatbot.ui.handlers import CollectionHandlers

    return CollectionHandlers(bot)


@pytest.fixture
def links(bot: FakeBot) -> LinkHandlers:
    from chatbot.ui.handlers import LinkHandlers

    return LinkHandlers(bot)


def test_a_collection_is_made_renamed_and_deleted(sets: CollectionHandlers) -> None:
    made = sets.create_collection(event(name="Leases"), request())
    found = {"id": made["made"], "name": "Leases", "own": True, "documents": []}
    assert made["collections"] == [found]
    changed = sets.change_collection(event(collection=made["made"], name="Rent"), request())
    assert changed == {"collections": [found | {"name": "Rent"}]}
    gone = sets.delete_collection(event(collection=made["made"]), request())
    assert gone == {"collections": []}


def test_who_has_no_cookie_changes_nothing_for_everybody(
    sets: CollectionHandlers, bot: FakeBot
) -> None:
    made = bot.collections.create("Project")
    nobody = request(owner="")
    for view in (
        sets.create_collection(event(name="Mine"), nobody),
        sets.change_collection(event(collection=made.id, name="Mine"), nobody),
        sets.delete_collection(event(collection=made.id), nobody),
    ):
        assert "keeps no cookie" in view["error"]
    assert bot.collections.list() == [made]


@pytest.mark.parametrize("name", ["", " ", "x" * 200])
def test_a_name_that_cannot_be_one_is_one_sentence(sets: CollectionHandlers, name: str) -> None:
    view = sets.create_collection(event(name=name), request())
    assert view["error"].startswith("The name of a collection must have 1 to 100 characters")


def test_a_link_is_made_once_listed_without_its_token_and_taken_back(
    links: LinkHandlers, bot: FakeBot
) -> None:
    kept = bot.for_owner("ann").conversations
    talk = kept.start("Rent")
    kept.append(talk.id, question="?", answer=answer(bot, "?", "900 euros."))
    made = links.create_link(event(conversation=talk.id), request())
    assert bot.links.open(made["token"]).title == "Rent"
    listed = links.list_links(event(conversation=talk.id), request())
    assert listed == {"links": [made["link"]]}
    assert "token" not in str(listed)
    for reach in (
        links.create_link(event(conversation=talk.id), request(owner="ben")),
        links.list_links(event(conversation=talk.id), request(owner="ben")),
        links.revoke_link(event(link=made["link"]["id"]), request(owner="ben")),
    ):
        assert "There is no" in reach["error"]
    assert links.revoke_link(event(link=made["link"]["id"]), request()) == {
        "revoked": made["link"]["id"]
    }
    assert links.list_links(event(conversation=talk.id), request()) == {"links": []}
