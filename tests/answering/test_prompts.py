from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering.prompts import Prompt, load_prompt, make_boundary
from chatbot.errors import SettingsError
from chatbot.settings import resource_dir

GOOD = {
    "name": "ask",
    "version": 2,
    "description": "Asks.",
    "variables": ["question", "text"],
    "system": "Read {text}.",
    "user": "{question}",
}


def write(folder: Path, **changes: object) -> Path:
    content = {name: value for name, value in (GOOD | changes).items() if value is not None}
    (folder / "ask.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def test_every_prompt_in_the_folder_loads_and_is_described() -> None:
    paths = sorted(resource_dir("prompts").glob("*.yaml"))
    readme = (resource_dir("prompts") / "README.md").read_text(encoding="utf-8")
    assert {path.stem for path in paths} >= {"answer", "rewrite"}
    for path in paths:
        prompt = load_prompt(path.stem)
        names = ", ".join(f"`{name}`" for name in prompt.variables)
        assert f"| `{path.name}` | {names} |" in readme


def test_instructions_stand_in_the_system_message_and_data_in_the_users() -> None:
    for name in ("answer", "rewrite"):
        prompt = load_prompt(name)
        words = prompt.user.format(**{variable: "" for variable in prompt.variables}).split()
        assert len(words) <= 2


def test_variables_are_filled_in_as_they_are(tmp_path: Path) -> None:
    prompt = load_prompt("ask", folder=write(tmp_path))
    messages = prompt.messages(text="{question} {0} }{", question="{text}?")
    assert messages == [("system", "Read {question} {0} }{."), ("user", "{text}?")]


@given(st.text(), st.text())
def test_no_value_can_change_a_template(text: str, question: str) -> None:
    prompt = Prompt.model_validate(GOOD | {"system": "<{text}>", "user": "<{question}>"})
    assert prompt.messages(text=text, question=question) == [
        ("system", f"<{text}>"),
        ("user", f"<{question}>"),
    ]


@pytest.mark.parametrize("values", [{}, {"text": "a"}, {"text": "", "question": "", "x": ""}])
def test_values_must_fit_the_variables(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Prompt.model_validate(GOOD).messages(**values)


def test_the_fingerprint_changes_with_the_content_only(tmp_path: Path) -> None:
    prompt = load_prompt("ask", folder=write(tmp_path))
    same = load_prompt("ask", folder=write(tmp_path, description="Asks again."))
    other = load_prompt("ask", folder=write(tmp_path, user="{question}!"))
    name, _, fingerprint = prompt.id.partition("/")
    assert name == "ask@2"
    assert len(fingerprint) == 12
    assert int(fingerprint, 16)
    assert same.id == prompt.id
    assert other.id != prompt.id


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": 1}, "extra"),
        ({"user": None}, "user"),
        ({"version": "1"}, "version"),
        ({"version": 0}, "version"),
        ({"system": "Read {text} {other}."}, "other"),
        ({"system": "Read."}, "text"),
        ({"variables": ["question", "text", "text"]}, "twice"),
        ({"system": "Read {text.attribute}."}, "plain"),
        ({"system": "Read {text!r}."}, "plain"),
        ({"system": "Read {text:>10}."}, "plain"),
        ({"system": "Read {text} {}."}, "plain"),
        ({"system": "Read {text} {."}, "content"),
        ({"name": "other"}, "must have the name"),
    ],
)
def test_a_faulty_prompt_is_told_in_one_sentence(
    changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        load_prompt("ask", folder=write(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_a_missing_or_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_prompt("ask", folder=tmp_path)
    for content in (b"a: [", b"\xff\xfe\x00"):
        (tmp_path / "ask.yaml").write_bytes(content)
        with pytest.raises(SettingsError, match="not a YAML"):
            load_prompt("ask", folder=tmp_path)
    (tmp_path / "ask.yaml").write_text("- a list")
    with pytest.raises(SettingsError, match="has an error"):
        load_prompt("ask", folder=tmp_path)


def test_each_text_has_a_boundary_of_its_own() -> None:
    assert len({make_boundary(str(n)) for n in range(100)}) == 100
