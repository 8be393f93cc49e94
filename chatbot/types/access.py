"""Who may reach the server from elsewhere, and how much they have used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as it is kept: never the token itself."""

    name: str
    created: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """What one owner has used in one day."""

    owner: str
    """``token:NAME``; "" is everybody without a token together."""
    day: str
    """``2026-11-24``, UTC."""
    requests: int
    tokens: int
    """The tokens of the model, in and out."""
    minute: int
    """The last minute with a request, counted since 1970."""
    minute_requests: int
