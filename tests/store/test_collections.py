"""Collections of documents: whose they are, what is in them, and what happens when that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_fakes import new_document, open_store, story

from chatbot.errors import CollectionError, CollectionNotFound, DocumentNotFound
from chatbot.store import Place, Store, moving
from chatbot.types import Answer


@pytest.fixture
def store(place: Place | Path) -> Iterator[Store]:
    with open_store(place) as store:
        yield store


def add(store: Store, name: str, *, text: str = "", owner: str = "") -> str:
    """Add a text under the name of a file, and return the id of its document."""
    item = new_document(story(text or name), key=f"{name}.txt", title=name, owner=owner)
    store.add([item])
    return item.parsed.document.id


def test_a_collection_is_made_found_renamed_and_deleted(store: Store) -> None:
    one, two = add(store, "one"), add(store, "two")
    made = store.collections.create("  My   leases ", [two])
    assert (made.name, made.documents, made.owner) == ("My leases", (two,), "")
    assert store.collections.change("my LEASES", put=[one, two, one]).documents == (one, two)
    assert store.collections.change(made.id, take=[two, "unknown"]).documents == (one,)
    renamed = store.collections.change("My leases", rename="Löhne 2023")
    assert (renamed.id, renamed.documents) == (made.id, (one,))
    assert store.collections.change("löhne 2023", rename="LÖHNE 2023").name == "LÖHNE 2023"
    assert [found.name for found in store.collections.list()] == ["LÖHNE 2023"]
    store.collections.delete("Löhne 2023")
    assert store.collections.list() == []
    assert len(store.documents()) == 2


@pytest.mark.parametrize("name", ["", " \n", "x" * 101, "a\x00b", "a\u202eb", "\ud800"])
def test_a_name_that_cannot_be_one_is_refused(store: Store, name: str) -> None:
    store.collections.create("Fine")
    for make in (
        store.collections.create,
        lambda new: store.collections.change("Fine", rename=new),
    ):
        with pytest.raises(CollectionError, match="1 to 100 characters"):
            make(name)
    assert [one.name for one in store.collections.list()] == ["Fine"]


def test_a_name_is_taken_once(store: Store) -> None:
    store.collections.create("Leases")
    store.collections.create("Taxes")
    with pytest.raises(CollectionError, match="There is a collection 'LEASES' already"):
        store.collections.create("LEASES")
    with pytest.raises(CollectionError, match="'leases' already"):
        store.collections.change("Taxes", rename="leases")


def test_an_unknown_name_names_the_nearest_ones(store: Store) -> None:
    with pytest.raises(CollectionNotFound, match=r"no collection 'x': there are none yet\."):
        store.collections.get("x")
    for name in ("Leases", "Taxes", "Letters", "Zoo"):
        store.collections.create(name)
    with pytest.raises(CollectionNotFound, match="'Lease': the nearest are 'Leases', 'Letters'"):
        store.collections.get("Lease")


def test_a_collection_that_is_refused_changes_nothing(store: Store) -> None:
    one = add(store, "one")
    with pytest.raises(DocumentNotFound):
        store.collections.create("Leases", [one, "unknown"])
    assert store.collections.list() == []
    store.collections.create("Leases")
    with pytest.raises(DocumentNotFound):
        store.collections.change("Leases", put=[one, "unknown"])
    assert store.collections.get("Leases").documents == ()


def test_a_removed_document_leaves_its_collections(store: Store) -> None:
    one, two = add(store, "one"), add(store, "two")
    store.collections.create("Both", [one, two])
    store.remove(one)
    assert store.collections.get("Both").documents == (two,)
    assert add(store, "one") == one
    assert store.collections.get("Both").documents == (two,)


def test_a_changed_file_keeps_its_place_in_its_collections(store: Store) -> None:
    add(store, "notes", text="alpha")
    other = add(store, "other")
    for name, documents in (("In", store.documents()), ("Out", store.documents()[1:])):
        store.collections.create(name, [one.id for one in documents])
    changed = add(store, "notes", text="beta")
    assert set(store.collections.get("In").documents) == {other, changed}
    assert store.collections.get("Out").documents == (other,)


def test_a_text_of_two_files_of_which_one_changes_stays_beside_the_new_one(store: Store) -> None:
    both = add(store, "notes", text="alpha")
    assert add(store, "copy", text="alpha") == both
    store.collections.create("Mine", [both])
    changed = add(store, "copy", text="beta")
    assert store.collections.get("Mine").documents == (both, changed)


# ---- whose they are


def test_nobody_sees_or_changes_another_persons_collection(store: Store) -> None:
    anna, ben = store.for_owner("anna"), store.for_owner("ben")
    secret = add(store, "diary", owner="anna")
    made = anna.collections.create("Mine", [secret])
    assert made.owner == "anna"
    assert ben.collections.list() == [] == store.collections.list()
    reach: list[Callable[[], object]] = [
        lambda: ben.collections.get("Mine"),
        lambda: ben.collections.get(made.id),
        lambda: ben.collections.change(made.id, rename="Theirs"),
        lambda: ben.collections.delete(made.id),
        lambda: ben.collections.change(made.id, put=[]),
        lambda: ben.collections.change(made.id, take=[secret]),
        lambda: store.collections.delete(made.id),
    ]
    for attempt in reach:
        with pytest.raises(CollectionNotFound):
            attempt()
    with pytest.raises(DocumentNotFound):
        ben.collections.create("Mine", [secret])
    assert ben.collections.create("Mine").documents == ()
    assert anna.collections.list() == [made]


def test_everybodys_collection_is_seen_by_all_with_what_each_sees(store: Store) -> None:
    anna, ben = store.for_owner("anna"), store.for_owner("ben")
    shared, secret = add(store, "rules"), add(store, "diary", owner="anna")
    store.collections.create("Project", [shared, secret])
    assert anna.collections.get("project").documents == (shared, secret)
    assert ben.collections.get("project").documents == (shared,)
    for change in (
        lambda: ben.collections.change("Project", put=[shared]),
        lambda: ben.collections.change("Project", take=[shared]),
        lambda: ben.collections.change("Project", rename="Mine"),
        lambda: ben.collections.delete("Project"),
    ):
        with pytest.raises(CollectionError, match="belongs to everybody"):
            change()
    mine = ben.collections.create("Project")
    assert ben.collections.get("Project") == mine
    assert [one.owner for one in ben.collections.list()] == ["ben", ""]


def test_what_a_person_hides_leaves_their_collections_alone(store: Store) -> None:
    anna, ben = store.for_owner("anna"), store.for_owner("ben")
    shared = add(store, "rules")
    anna.collections.create("A", [shared])
    ben.collections.create("B", [shared])
    ben.remove(shared)
    assert ben.collections.get("B").documents == ()
    assert anna.collections.get("A").documents == (shared,)


def test_a_persons_changed_file_changes_no_one_elses_collection(store: Store) -> None:
    anna, ben = store.for_owner("anna"), store.for_owner("ben")
    same = add(store, "notes", text="alpha", owner="anna")
    assert add(store, "notes", text="alpha", owner="ben") == same
    anna.collections.create("A", [same])
    ben.collections.create("B", [same])
    changed = add(store, "notes", text="beta", owner="anna")
    assert anna.collections.get("A").documents == (changed,)
    assert ben.collections.get("B").documents == (same,)
    add(store, "notes", text="beta", owner="ben")
    assert ben.collections.get("B").documents == (changed,)


# ---- with conversations, and on the way to another home


def test_a_conversation_keeps_its_collection_until_that_goes(store: Store) -> None:
    made = store.collections.create("Leases")
    kept = store.conversations
    talk = kept.start("Rent")
    assert talk.collection is None
    answer = Answer(
        text="", refused=True, mode="extractive", notice=None, question="?", search_query="?"
    )
    kept.append(talk.id, question="?", answer=answer, collection=made.id)
    assert kept.get(talk.id).collection == made.id
    kept.rename(talk.id, "The rent")
    assert kept.list()[0].collection == made.id
    kept.append(talk.id, question="?", answer=answer)
    assert kept.get(talk.id).collection is None
    kept.append(talk.id, question="?", answer=answer, collection=made.id)
    store.collections.delete("Leases")
    assert kept.get(talk.id).collection is None
    assert len(kept.turns(talk.id)) == 3


def test_a_moved_store_has_its_collections_and_links(
    store: Store, new_place: Callable[[Path], Place | Path], tmp_path: Path
) -> None:
    one = add(store, "one")
    made = store.collections.create("Leases", [one])
    talk = store.conversations.start("Rent")
    answer = Answer(
        text="x", refused=False, mode="extractive", notice=None, question="?", search_query="?"
    )
    store.conversations.append(talk.id, question="?", answer=answer, collection=made.id)
    link = store.links.create(talk.id)
    with open_store(new_place(tmp_path / "copy")) as copy:
        moving.move(store, copy)
        assert copy.collections.list() == [made]
        assert copy.conversations.get(talk.id).collection == made.id
        assert copy.links.open(link.token).title == "Rent"
        assert copy.collections.create("Next", [one]).documents == (one,)
