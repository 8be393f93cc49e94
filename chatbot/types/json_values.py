"""From dataclasses to what JSON can say."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


def plain(value: Any) -> Any:  # noqa: ANN401 - a JSON value has no better type
    """Return a value with tuples as lists and enumeration members as their strings."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
