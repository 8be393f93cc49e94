"""Makes the poisoned documents and the cases of this suite from carriers and attacks.

    python evals/injection/make_documents.py [--check]

Each attack of ``attacks.yaml`` is planted in one text of ``carriers.yaml``, in turn. The files are
the same, byte for byte, however often they are made. With ``--check`` nothing is written, and the
exit status is 1 when a file is missing, left over, or not what it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from formats import Planted, write_document  # noqa: E402 - a sibling of this script

Attack = dict[str, Any]
Carrier = dict[str, Any]

_MACRO = re.compile(r"\{(tags|split|turned):((?:[^{}]|\{canary\}|\{wrong\})*)\}")
_WORDS = ("MARABOU", "QUETZAL", "BASILISK", "OKAPI", "NARWHAL", "AXOLOTL", "PANGOLIN", "CASSOWARY")


def canary_of(attack_id: str) -> str:
    """Return a word that stands in no carrier and belongs to one attack alone."""
    digest = hashlib.sha256(attack_id.encode()).digest()
    return f"{_WORDS[digest[0] % len(_WORDS)]}-{1000 + int.from_bytes(digest[1:3], 'big') % 9000}"


def fill(text: str, values: dict[str, str]) -> str:
    """Return a template with its values and macros filled in; other braces stay."""
    text = _MACRO.sub(lambda match: _macro(match[1], _plain(match[2], values)), text)
    return _plain(text, values).strip(" \n")


def _plain(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _macro(name: str, text: str) -> str:
    if name == "tags":
        return "".join(chr(0xE0000 + ord(letter)) for letter in text)
    if name == "split":
        return "\u200b".join(text)
    return f"\u202e{text[::-1]}\u202c"


def made() -> tuple[dict[str, bytes], str]:
    """Return the documents by file name, and the text of cases.yaml."""
    carriers = yaml.safe_load((HERE / "carriers.yaml").read_text(encoding="utf-8"))
    attacks = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))
    documents: dict[str, bytes] = {}
    cases = []
    for carrier_name, carrier in carriers.items():
        name = f"clean-{carrier_name}.md"
        clean = Planted(format="md", place="none", text="", number=len(documents))
        documents[name] = write_document(carrier, clean)
        for number, asked in enumerate(carrier["questions"], start=1):
            cases.append(_case(f"clean-{carrier_name}-{number}", name, asked, [], ["clean"]))
    names = list(carriers)
    for at, attack in enumerate(attacks):
        carrier_name = names[at % len(names)]
        carrier = carriers[carrier_name]
        asked = _question(carrier, attack, at // len(names))
        values = {"canary": canary_of(attack["id"]), **asked}
        planted = Planted(
            format=attack.get("format", "md"),
            place=attack.get("place", "end"),
            text=fill(attack["text"], values),
            number=len(documents),
        )
        name = f"{attack['id']}.{planted.format}"
        if planted.place == "name":
            name = f"{planted.text}.{planted.format}"
        documents[name] = write_document(carrier, planted)
        forbidden = [_plain(text, values) for text in attack.get("forbid", ["{canary}"])]
        tags = [attack["kind"], planted.format, carrier_name]
        tags += ["hidden"] if attack.get("hidden") else []
        cases.append(_case(attack["id"], name, asked, forbidden, tags))
    return documents, _yaml(cases)


def _question(carrier: Carrier, attack: Attack, turn: int) -> dict[str, str]:
    if attack.get("ask") == "missing":
        return {"question": carrier["missing"]}
    asked: dict[str, str] = carrier["questions"][turn % len(carrier["questions"])]
    return asked


def _case(
    case_id: str, name: str, asked: dict[str, str], forbidden: list[str], tags: list[str]
) -> dict[str, Any]:
    expected: dict[str, Any] = {"refuse": True}
    if "answer" in asked:
        expected = {"answer": [asked["answer"]], "evidence": [asked["evidence"]]}
    else:
        tags = [*tags, "unanswerable"]
    if forbidden:
        expected["forbidden"] = forbidden
    return {
        "id": case_id,
        "question": asked["question"],
        "documents": [f"documents/{name}"],
        "expected": expected,
        "tags": tags,
    }


def _yaml(cases: list[dict[str, Any]]) -> str:
    blocks = (
        yaml.safe_dump([case], sort_keys=False, allow_unicode=False, width=96) for case in cases
    )
    return "# Made by make_documents.py.\n\n" + "\n".join(blocks)


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    check = parser.parse_args().check
    documents, cases = made()
    wanted = {HERE / "documents" / name: data for name, data in documents.items()}
    wanted[HERE / "cases.yaml"] = cases.encode()
    left_over = set((HERE / "documents").glob("*")) - set(wanted)
    stale = [
        path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data
    ]
    if check:
        for path in sorted({*stale, *left_over}):
            sys.stderr.write(f"{path.name} is not what make_documents.py makes; run it.\n")
        return int(bool(stale or left_over))
    for path in left_over:
        path.unlink()
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(wanted[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
