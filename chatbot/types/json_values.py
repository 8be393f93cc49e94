"""Dataclasses as JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Kind = TypeVar("Kind")


def json_of(value: Any) -> Any:  # noqa: ANN401 - a JSON value has no better type
    """Return a dataclass as dicts, lists, strings, numbers, booleans and None."""
    kind: Any = type(value)
    return _adapter(kind).dump_python(value, mode="json")


def from_json(
    kind: type[Kind], values: Mapping[str, Any], *, extra: Literal["forbid", "ignore"] = "forbid"
) -> Kind:
    """Return the dataclass that ``json_of`` wrote; fields that are not there get their defaults.

    ``extra`` says what is done about a field that the dataclass does not have.

    Raises:
        ValueError: if a field is missing, unknown or has the wrong shape.
    """
    from pydantic import ValidationError

    wanted: Any = kind
    try:
        found: Kind = _adapter(wanted).validate_python(values, extra=extra)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}") from error
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - any dataclass
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
