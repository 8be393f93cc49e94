"""Prompts: YAML files, loaded strictly, versioned and fingerprinted.

Knows no model and no documents.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import string
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatbot.errors import SettingsError
from chatbot.models.llm import Message
from chatbot.settings import resource_dir

_FORMATTER = string.Formatter()
_KEY = secrets.token_bytes(32)  # drawn again for each process


class Prompt(BaseModel):
    """A system and a user template with plain ``{name}`` variables."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(pattern=r"^[a-z][a-z_-]*$")
    version: int = Field(ge=1)
    description: str = Field(min_length=1)
    variables: list[str]
    system: str = Field(min_length=1)
    user: str = Field(min_length=1)

    @property
    def id(self) -> str:
        """``name@version/fingerprint``: what an Answer remembers."""
        return f"{self.name}@{self.version}/{self.fingerprint}"

    @property
    def fingerprint(self) -> str:
        """First 12 hex digits of the sha256 of name, version and both templates."""
        content = json.dumps([self.name, self.version, self.system, self.user])
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def messages(self, **values: str) -> list[Message]:
        """Return the two messages with the variables filled in; values are taken as they are.

        Raises:
            ValueError: a value is missing or has no variable.
        """
        if set(values) != set(self.variables):
            odd = ", ".join(sorted(set(values) ^ set(self.variables)))
            raise ValueError(f"The values for prompt {self.name} do not fit: {odd}.")
        system, user = self.system.format(**values), self.user.format(**values)
        return [("system", system.strip()), ("user", user.strip())]

    @model_validator(mode="after")
    def _check_variables(self) -> Self:
        used = _variables(self.system) | _variables(self.user)
        if len(set(self.variables)) != len(self.variables) or used != set(self.variables):
            odd = ", ".join(sorted(used ^ set(self.variables))) or "one is declared twice"
            raise ValueError(f"variables and templates do not fit: {odd}")
        return self


def load_prompt(name: str, *, folder: Path | None = None) -> Prompt:
    """Return the prompt ``name``, of a folder or of those that came with the program.

    Raises:
        SettingsError: if the file is missing or not a prompt.
    """
    path = (folder or resource_dir("prompts")) / f"{name}.yaml"
    try:
        prompt = Prompt.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"The prompt {path.name} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "content"
        raise SettingsError(
            f"The prompt {path.name} has an error in {where}: {first['msg']}."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"The prompt {path.name} is not a YAML text file.") from error
    if prompt.name != name:
        raise SettingsError(f"The prompt {path.name} must have the name {name!r}.")
    return prompt


def make_boundary(data: str) -> str:
    """Return a line that ``data`` cannot contain, the same for the same data.

    It is a keyed hash: nobody can foretell it, and who has read it in an answer and writes it into
    a document has changed the data. That it stays the same for the same evidence lets a server
    reuse what it has read of the prompt.
    """
    return f"===== {hashlib.blake2b(data.encode(), key=_KEY, digest_size=8).hexdigest()} ====="


def _variables(template: str) -> set[str]:
    """Return the variables of a template.

    Raises:
        ValueError: a brace stands alone, or is more than ``{name}``.
    """
    names = set()
    for _, name, spec, conversion in _FORMATTER.parse(template):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"only plain {{name}} is understood, not {{{name}}}")
        names.add(name)
    return names
