"""Read-only links to conversations: what opens them, what they show, and when they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_fakes import open_store

from chatbot.errors import ConversationNotFound
from chatbot.store import Links, Place, Store
from chatbot.types import Answer, Conversation


@pytest.fixture
def store(place: Place | Path) -> Iterator[Store]:
    with open_store(place) as store:
        yield store


def answer(text: str) -> Answer:
    return Answer(
        text=text, refused=False, mode="extractive", notice=None, question="?", search_query="?"
    )


@pytest.fixture
def talk(store: Store) -> Conversation:
    kept = store.for_owner("anna").conversations
    begun = kept.start("Rent")
    kept.append(begun.id, question="How much?", answer=answer("900 euros."))
    return begun


def test_a_link_shows_the_conversation_as_it_was_when_it_was_made(
    store: Store, talk: Conversation
) -> None:
    anna = store.for_owner("anna")
    link = anna.links.create(talk.id)
    kept = anna.conversations.append(talk.id, question="Since when?", answer=answer("May."))
    shown = store.links.open(link.token)
    assert (shown.title, [one.answer.text for one in shown.turns]) == ("Rent", ["900 euros."])
    anna.conversations.truncate(talk.id, kept.id)
    anna.conversations.append(talk.id, question="Secret?", answer=answer("Yes."))
    assert store.links.open(link.token) == shown


def test_only_a_hash_of_the_token_is_kept(store: Store, talk: Conversation) -> None:
    link = store.for_owner("anna").links.create(talk.id)
    assert len(link.token) > 40
    with store.parts.home.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM links").all()
    assert link.token not in str(rows)
    assert link.token.removeprefix("cs_") not in str(rows)
    [listed] = store.for_owner("anna").links.list(talk.id)
    assert (listed.id, listed.token, listed.expires) == (link.id, "", link.expires)


@pytest.mark.parametrize("token", ["", "cs_", "cs_" + "A" * 43, "%", "\ud800", "x" * 100_000])
def test_a_token_that_is_none_opens_nothing(store: Store, talk: Conversation, token: str) -> None:
    link = store.for_owner("anna").links.create(talk.id)
    for wrong in (token, link.id, link.token[:-1], link.token.lower()):
        with pytest.raises(ConversationNotFound, match="expired or was taken back"):
            store.links.open(wrong)


def test_a_link_ends_by_itself(store: Store, talk: Conversation) -> None:
    time = [datetime(2026, 1, 31, 12, tzinfo=UTC)]
    links = Links(store.parts.home, owner="anna", clock=lambda: time[0])
    link, longer = links.create(talk.id), links.create(talk.id, days=30)
    assert link.expires == "2026-02-07T12:00:00+00:00"
    time[0] += timedelta(days=7, seconds=-1)
    assert links.open(link.token).expires == link.expires
    time[0] += timedelta(seconds=1)
    with pytest.raises(ConversationNotFound):
        links.open(link.token)
    assert [one.id for one in links.list(talk.id)] == [longer.id]
    with pytest.raises(ConversationNotFound):
        store.links.open(longer.token)  # by the real clock both ended long ago


def test_a_link_that_is_taken_back_opens_nothing_any_more(store: Store, talk: Conversation) -> None:
    anna = store.for_owner("anna").links
    link, other = anna.create(talk.id), anna.create(talk.id)
    anna.revoke(link.id)
    with pytest.raises(ConversationNotFound):
        store.links.open(link.token)
    with pytest.raises(ConversationNotFound):
        anna.revoke(link.id)
    assert store.links.open(other.token).title == "Rent"


def test_nobody_shares_lists_or_takes_back_what_is_another_persons(
    store: Store, talk: Conversation
) -> None:
    ben = store.for_owner("ben").links
    link = store.for_owner("anna").links.create(talk.id)
    for reach in (
        lambda: ben.create(talk.id),
        lambda: ben.list(talk.id),
        lambda: ben.revoke(link.id),
    ):
        with pytest.raises(ConversationNotFound):
            reach()
    assert store.links.open(link.token).title == "Rent"
    store.links.revoke(link.id)


def test_a_link_goes_with_its_conversation(store: Store, talk: Conversation) -> None:
    link = store.for_owner("anna").links.create(talk.id)
    store.for_owner("anna").conversations.delete(talk.id)
    with pytest.raises(ConversationNotFound):
        store.links.open(link.token)


def test_a_conversation_without_an_answer_is_not_shared(store: Store) -> None:
    begun = store.conversations.start("Empty")
    with pytest.raises(ConversationNotFound, match="no saved answer"):
        store.links.create(begun.id)
