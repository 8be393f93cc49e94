"""The data of the trained networks: windows on disk and as rows, claims with their labels."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from chatbot.models.model_files import BUILTIN
from training.reader.rough import roughened
from training.truth.bodies import MINILM, MPNET, distance_buckets
from training.truth.mix import WHOLE, among, draw, parts
from training.truth.verifier_data import claims, windows
from training.truth.verifier_sets import Claim, factcheck_gpt, new_words, summedits, wice
from training.truth.windows import Window, read, same_tokens, tokenise, write
from training.verifier.examples import is_dev, is_held
from training.verifier.passages import SETS

WINDOW = Window(
    asked="When did the harbour of Lunden open?",
    passage="A storm came. The harbour of Lunden opened in May 1987. Bread is sold.",
    sentences=((0, 13), (14, 55), (56, 70)),
    gold=(1,),
    span=(46, 54),
    bad=((9, 16),),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUILTIN / "tokenizer.json"))


def test_windows_come_back_from_disk_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "made" / "windows.jsonl.gz"
    other = Window(asked="é?", passage="", sentences=(), dev=True, label=2)
    assert write([WINDOW, other], path) == 2
    assert list(read(path)) == [WINDOW, other]


def test_places_in_a_row_point_to_the_words_they_mean(tokenizer: Tokenizer) -> None:
    row = tokenise([WINDOW], tokenizer, max_tokens=64)[0]

    def text(first: int, end: int) -> str:
        return str(tokenizer.decode(list(row.ids[first:end])))

    assert row.span is not None
    assert text(row.span[0], row.span[1] + 1) == "may 1987"
    assert text(*row.sentences[0]) == "a storm came."
    assert text(*row.sentences[1]) == "the harbour of lunden opened in may 1987."
    assert row.bad is not None
    assert text(row.bad[0], row.bad[-1] + 1) == "the harbour"
    assert row.ids[row.passage_at - 1] == row.ids[-1]


def test_another_body_gets_its_own_special_tokens_and_as_many_words(tokenizer: Tokenizer) -> None:
    long = replace(WINDOW, passage=WINDOW.passage * 20)
    usual, other = (tokenise([long], tokenizer, max_tokens=64, body=b)[0] for b in (MINILM, MPNET))
    asked = other.ids[1 : other.asked_end]
    words = other.ids[other.passage_at : -1]
    assert other.ids == (0, *asked, 2, 2, *words, 2)
    assert (len(usual.ids), len(other.ids)) == (64, 65)
    assert words == usual.ids[usual.passage_at : -1]
    assert other.pad == 1
    assert other.bad == usual.bad
    assert other.span == tuple(at + 1 for at in usual.span or ())


def test_what_does_not_fit_has_no_place_and_no_answer(tokenizer: Tokenizer) -> None:
    row = tokenise([WINDOW], tokenizer, max_tokens=20)[0]
    assert len(row.ids) == 20
    assert row.span is None
    first, end = row.sentences[2]
    assert first == end


def test_new_words_are_those_that_a_change_brought_in() -> None:
    before = "Japan sent 101 trucks to Ukraine in May."
    after = "Japan sent 102 trucks to Ukraine in June."
    assert [after[a:b] for a, b in new_words(before, after)] == ["102", "June"]
    assert new_words(before, before) == ()


def rows(path: Path, *found: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in found)


def test_an_edited_summary_lacks_support_only_where_it_was_edited(tmp_path: Path) -> None:
    true = "Ann asks Mike to buy butter. Mike agrees to buy it."
    rows(
        tmp_path / "summedits_talks.jsonl.gz",
        {
            "id": "talks_1_2",
            "doc": "Ann: Buy butter. Mike: Ok.",
            "summary": "Ann asks Mike to buy milk. Mike agrees to buy it.",
            "original_summary": true,
            "label": 0,
        },
    )
    edited, same = summedits(tmp_path)
    assert (edited.label, same.label) == (0, 2)
    assert [edited.text[a:b] for a, b in edited.bad or ()] == ["milk"]


def test_a_stance_becomes_a_label(tmp_path: Path) -> None:
    stances = ("completely-support", "partially-support", "refute", "irrelevant")
    rows(
        tmp_path / "factcheck_gpt_stance.jsonl.gz",
        *({"claim": "Tin melts.", "evidence": "Tin melts at 232.", "stance": s} for s in stances),
    )
    assert [claim.label for claim in factcheck_gpt(tmp_path)] == [2, 1, 0, 0]


def test_what_is_measured_only_is_never_trained_on(tmp_path: Path) -> None:
    degrees = ("supported", "partially_supported", "not_supported")
    rows(
        tmp_path / "wice_dev.jsonl.gz",
        *({"claim": "Tin melts.", "evidence": ["Tin melts at 232."], "label": d} for d in degrees),
    )
    found = list(wice(tmp_path))
    assert [claim.label for claim in found] == [2, 1, 0]
    many = [replace(found[0], group=f"wice-{n}", given=True) for n in range(40)]
    made = list(windows([replace(one, origin="made-x") for one in many], None, seed=0))  # type: ignore[arg-type]
    assert all(window.dev and not window.kind for window in made)


def test_answers_kept_for_thresholds_are_whole(tmp_path: Path) -> None:
    held = next(
        str(n) for n in range(99) if is_held(f"ragtruth-{n}") and not is_dev(f"ragtruth-{n}")
    )
    train = next(
        str(n) for n in range(99) if not is_held(f"ragtruth-{n}") and not is_dev(f"ragtruth-{n}")
    )
    source = "Tin melts at 232 degrees. Bronze holds tin."
    rows(
        tmp_path / "ragtruth" / "train.jsonl.gz",
        *(
            {"source_id": name, "task": "QA", "source": source, "response": source, "labels": []}
            for name in (held, train)
        ),
    )
    for name in (*SETS, "fool_me_twice", "factcheck_gpt_stance", "wice_dev"):
        rows(tmp_path / "train" / f"{name}.jsonl.gz")
    config = {
        "seed": 3, "ragtruth": {"supported": 0}, "made": {"passages": 0, "each": 1},
        "across": {"passages": 0, "each": 1},
        "asked": {"questions": {}, "right": 1, "rightly_denied": 1, "wrong": [1, 1, 1]},
        "factcheck_gpt": {"irrelevant": 1}, "summedits": {"claims": 0}, "records": 0,
        "fragments": {"questions": {}, "right": 1, "wrong": 1}, "drawn": {},
    }  # fmt: skip
    rows(tmp_path / "train" / "summedits_talks.jsonl.gz",
         {"id": "a_1", "doc": "Ann sings.", "summary": "Ann sings a very long song.",
          "original_summary": "Ann sings.", "label": 0})  # fmt: skip
    answers = [claim for claim in claims(tmp_path, config) if claim.origin == "ragtruth"]
    assert [claim.group for claim in answers] == [f"ragtruth-{held}"] * 2


def test_a_claim_that_says_nothing_gives_no_window() -> None:
    found = [
        Claim(text=text, pool=("Tin melts at 232 degrees.",), label=2, group="g", origin="made-x")
        for text in ("Here is a summary:", "Tin melts at 232 degrees.")
    ]
    made = list(windows(found, None, seed=0))  # type: ignore[arg-type]
    assert [window.asked for window in made] == ["Tin melts at 232 degrees."]
    assert made[0].passage == "Tin melts at 232 degrees."


def test_what_is_held_for_calibration_is_a_part_of_the_sources() -> None:
    names = [f"ragtruth-{number}" for number in range(2000)]
    train = [name for name in names if not is_dev(name)]
    held = sum(map(is_held, train)) / len(train)
    assert 0.07 < held < 0.13
    assert 0.75 < len(train) / len(names) < 0.85


def test_the_claims_of_all_sources_are_made_again_by_the_same_seed(tmp_path: Path) -> None:
    source = "Tin melts at 232 degrees. It was known 5,000 years ago in Egypt. Bronze holds tin."
    rows(
        tmp_path / "ragtruth" / "train.jsonl.gz",
        *(
            {
                "source_id": str(number),
                "task": "QA",
                "source": f"{source} Number {number} is kept here.",
                "response": "Tin melts at 300 degrees. Bronze holds tin.",
                "labels": [{"start": 13, "end": 16}],
            }
            for number in range(12)
        ),
    )
    for name in (*SETS, "fool_me_twice", "factcheck_gpt_stance", "wice_dev"):
        rows(tmp_path / "train" / f"{name}.jsonl.gz")
    rows(tmp_path / "train" / "summedits_talks.jsonl.gz",
         {"id": "a_1", "doc": "Ann sings.", "summary": "Ann sings a very long song.",
          "original_summary": "Ann sings.", "label": 0})  # fmt: skip
    config = {
        "seed": 3,
        "ragtruth": {"supported": 100},
        "made": {"passages": 20, "each": 1},
        "across": {"passages": 20, "each": 1},
        "asked": {"questions": {}, "right": 1, "rightly_denied": 1, "wrong": [1, 1, 1]},
        "factcheck_gpt": {"irrelevant": 1},
        "summedits": {"claims": 10},
        "records": 2,
        "fragments": {"questions": {}, "right": 1, "wrong": 1},
        "drawn": {"counts": 1},
    }
    first, second = (list(claims(tmp_path, config)) for _ in range(2))
    assert first == second
    answers = [claim for claim in first if claim.origin == "ragtruth"]
    assert {(claim.text, claim.label) for claim in answers} == {
        ("Tin melts at 300 degrees.", 1),
        ("Bronze holds tin.", 2),
    }


def test_a_question_written_in_a_hurry_keeps_its_content_words() -> None:
    asked = "When did the harbour of Lunden open to the ships?"
    drawn = random.Random(3)
    rough = {roughened(asked, drawn) for _ in range(30)}
    assert len(rough) > 3
    for one in rough:
        assert one.lower().startswith("when")
        assert {"harbour", "lunden", "open", "ships"} <= set(one.lower().rstrip("?").split())
        assert len(one) <= len(asked)


def test_a_part_is_left_out_whole_and_the_budget_is_filled_with_the_rest() -> None:
    mix = [
        replace(WINDOW, source=source, kind=kind, group=f"{source} {n}", rough=n % 3 == 0)
        for source in ("wiki", "papers")
        for n in range(10)
        for kind in ("answered", "near")
    ]
    found = parts("reader", mix)
    assert {"wiki", "papers", "kind near", "kind rough", WHOLE} <= set(found)
    for name, of_part in found.items():
        left = [window for window in mix if not of_part(window)]
        taken = draw(left, 9, seed=1)
        assert taken == draw(left, 9, seed=1)
        assert len(taken) == 9
        assert not any(of_part(window) for window in taken), name
    assert not any(window.rough for window in mix if not found["kind rough"](window))
    claims_of = parts("verifier", [replace(WINDOW, source="made-swap")])
    assert claims_of["made: one thing changed"](replace(WINDOW, source="made-swap"))
    assert not claims_of["made: one thing changed"](replace(WINDOW, source="made-join"))


def test_a_source_is_drawn_whole_among_others() -> None:
    mix = [
        replace(WINDOW, source=source, kind=kind, dev=dev, group=f"{source} {n}")
        for source in ("ragtruth", "made-swap", "made-record-true")
        for kind, dev in (("", False), ("held", False), ("", True))
        for n in range(6)
    ]
    drawn = among(mix, "made-record", others=5, seed=6)
    assert drawn == among(mix, "made-record", others=5, seed=6)
    assert drawn != among(mix, "made-record", others=5, seed=7)
    assert not any(window.dev or window.kind == "held" for window in drawn)
    assert sum(window.source == "made-record-true" for window in drawn) == 6
    assert len(drawn) == 11
    with pytest.raises(ValueError, match="begins with 'nothing'"):
        among(mix, "nothing", others=5, seed=6)


def test_distances_between_tokens_share_buckets_that_grow() -> None:
    buckets = distance_buckets(300, 32)
    behind, ahead = buckets[:, 0].tolist(), buckets[0].tolist()
    assert behind[:9] == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert ahead[1:9] == [17, 18, 19, 20, 21, 22, 23, 24]
    # Eight buckets between 8 and 128, each 1.41 times as wide; borders belong to the bucket behind.
    assert [behind.index(n) for n in range(8, 16)] == [8, 12, 16, 23, 32, 46, 64, 91]
    assert {behind[at] for at in range(91, 300)} == {15}
    assert (buckets[7:, 7:] == buckets[:-7, :-7]).all()


@pytest.mark.parametrize("max_tokens", [16, 128])
def test_a_student_with_another_body_is_compared_on_the_same_words(
    tokenizer: Tokenizer, max_tokens: int
) -> None:
    row, other = (
        tokenise([WINDOW], tokenizer, max_tokens=max_tokens, body=body)[0]
        for body in (MINILM, MPNET)
    )
    (first, _), (text, theirs) = same_tokens(row, other)
    assert row.ids[first][1:] == other.ids[first][1:]
    assert row.ids[text] == other.ids[theirs]
    assert row.ids[text]
