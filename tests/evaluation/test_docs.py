"""docs/evaluation.md and evals/README.md: commands, options and measures are the program's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from chatbot.cli.app import run as chatbot
from chatbot.evaluation import Case, Gate, load_suite
from chatbot.evaluation.measures import SUMMARIES
from chatbot.evaluation.scorers import SCORERS
from chatbot.evaluation.scoring import GROUPS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "evals" / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith("chatbot eval ")
]
NAMES = ("list", "report", "compare", "accept", "new", "bench")


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert chatbot(["eval", command, "--help"]) == 0
    return capsys.readouterr().out


def test_there_are_commands_in_the_guide() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_guide_exists_with_its_options(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(line)[2:]
    command = words[0] if words[0] in NAMES else "run"
    shown = help_of(command, capsys)
    for option in [word for word in words if word.startswith("--")]:
        assert f"{option} " in shown


def test_the_options_in_the_table_are_those_of_run(capsys: pytest.CaptureFixture[str]) -> None:
    table = GUIDE.split("| option of `chatbot eval run` |")[1].split("\n\n")[0]
    named = set(re.findall(r"`(--[a-z]+)", table))
    shown = set(re.findall(r"(--[a-z]+)", help_of("run", capsys))) - {"--help"}
    assert named == {option for option in shown if not option.startswith("--no")}


def test_the_measures_in_the_table_are_those_there_are() -> None:
    table = GUIDE.split("| measure | of which cases |")[1].split("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named == {*SCORERS, *SUMMARIES}
    assert {one.group for one in (*SCORERS.values(), *SUMMARIES.values())} <= set(GROUPS)


def test_the_examples_of_the_format_load(tmp_path: Path) -> None:
    head, cases = re.findall(r"```yaml\n(.*?)```", FORMAT, flags=re.DOTALL)
    for case in yaml.safe_load(cases):
        Case.model_validate(case)
    (tmp_path / "suite.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
    suite = load_suite(str(tmp_path))
    assert len(suite.cases) == 2
    assert set(suite.gates) <= {*SCORERS, *SUMMARIES}
    assert all(isinstance(gate, Gate) for gate in suite.gates.values())


def test_every_linked_file_is_there() -> None:
    for text, folder in ((GUIDE, ROOT / "docs"), (FORMAT, ROOT / "evals")):
        links = re.findall(r"\]\(([^)#:]+)\)", text)
        assert [link for link in links if not (folder / link).exists()] == []
