"""The bot as tools of the Model Context Protocol: ``ask``, ``search``, ``check``, ``add``.

The same tools over standard input and over HTTP. The package ``mcp`` is an extra and is imported
here alone.
"""

from __future__ import annotations

from importlib.util import find_spec

from chatbot.errors import SettingsError


def require_mcp() -> None:
    """Check that the package is there."""
    if find_spec("mcp") is None:
        raise SettingsError("The package mcp is not installed. Run `pip install 'chatbot[mcp]'`.")
