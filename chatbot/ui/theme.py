"""The few values Gradio paints with before our own styles arrive: backgrounds, text, fonts."""

from __future__ import annotations

from gradio.themes import Base

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SF Mono", "Menlo", "Consolas", "monospace")


def page_theme() -> Base:
    """Return a theme of system fonts, so that no font is fetched, in the page's own colours."""
    return Base(font=SANS, font_mono=MONO).set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#16171a",
        body_text_color="#1f2023",
        body_text_color_dark="#e7e6e3",
    )
