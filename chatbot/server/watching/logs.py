"""One line of JSON for each request, on standard error.

No question, answer or document stands in it above the level DEBUG, and no secret at any: what
looks like a token or is the model's key is replaced, in messages and tracebacks too.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import SecretStr
from starlette.types import Scope

from chatbot.settings import Settings

logger = logging.getLogger("chatbot.requests")

NOTES: Final = "chatbot.notes"
"""Key of the scope: what a route wants to stand in its line."""
PRIVATE: Final = frozenset({"question"})
"""Notes that hold what a person wrote: for the level DEBUG only."""
_TOKEN: Final = re.compile(r"\b(?:c[bs]_|sk-)[A-Za-z0-9_-]{8,}|(?i:\bbearer\s+)[^\s\"',]+")
_HIDDEN: Final = "[hidden]"


def note(scope: Scope, **fields: object) -> None:
    """Let these fields stand in the request's line."""
    scope.setdefault(NOTES, {}).update(fields)


def tell(scope: Scope, *, failed: bool, **fields: object) -> None:
    """Write the line of a request that is over."""
    notes = scope.get(NOTES, {})
    if not logger.isEnabledFor(logging.DEBUG):
        notes = {name: value for name, value in notes.items() if name not in PRIVATE}
    known = {name: value for name, value in (fields | notes).items() if value is not None}
    logger.log(logging.WARNING if failed else logging.INFO, "request", extra={"told": known})


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON without secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets that must never be written, besides what looks like a token."""
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        text = json.dumps(line, ensure_ascii=False, default=str)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, text)


def configure(settings: Settings) -> None:
    """Write logs as lines of JSON from now on: from INFO, on a terminal from WARNING.

    ``CHATBOT_LOG_LEVEL`` says otherwise.
    """
    handler = logging.StreamHandler()
    secrets = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(handlers=[handler], force=True)
    level = settings.log_level or ("WARNING" if sys.stderr.isatty() else "INFO")
    # Ours alone: at DEBUG other packages write what they send.
    logging.getLogger("chatbot").setLevel(level)
