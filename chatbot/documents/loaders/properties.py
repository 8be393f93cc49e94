"""The properties that Office programs write into a file, as facts that can be cited."""

from __future__ import annotations

from typing import Any

_TEMPLATE_DAY = "2013-12-23"
"""The day of the template in python-docx, which its users pass on."""


def office_facts(properties: Any) -> dict[str, str]:  # noqa: ANN401 - of docx, pptx or openpyxl
    """Return author, date and state of a file; the date only where somebody is named."""
    author = getattr(properties, "author", None) or getattr(properties, "creator", None) or ""
    facts = {"Author": author}
    created = properties.created
    if author and created and created.date().isoformat() != _TEMPLATE_DAY:
        facts["Created"] = created.date().isoformat()
    facts["Version"] = properties.version or ""
    facts["Status"] = getattr(properties, "content_status", None) or ""
    return facts
