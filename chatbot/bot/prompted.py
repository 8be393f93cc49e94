"""Asks the configured model one of the program's prompts, for tools beside the answering.

Evaluation judges claims and drafts cases with it. Nothing is sent unless a model is named.
"""

from __future__ import annotations

from typing import Self

from chatbot.errors import SettingsError
from chatbot.settings import Settings


class PromptedModel:
    """A model with one prompt; a context manager, safe to use from several threads."""

    def __init__(self, settings: Settings, prompt: str) -> None:
        """Build the model; nothing is sent."""
        if settings.model is None:
            raise SettingsError("No model is set. Set CHATBOT_MODEL, or name a model with --model.")
        # Only now: what talks to a model costs time to import.
        from chatbot.answering.prompts import load_prompt, make_boundary
        from chatbot.models.llm import ChatModel

        self._prompt = load_prompt(prompt)
        self._boundary = make_boundary
        self._model = ChatModel(settings)
        self.name = settings.model

    @property
    def id(self) -> str:
        """Model and prompt, as one string: what a cached reply hangs on."""
        return f"{self.name} {self._prompt.id}"

    def complete(self, **values: str) -> str:
        """Return the model's reply to the prompt with its variables filled in."""
        boundary = self._boundary("\n".join(values.values()))
        messages = self._prompt.messages(boundary=boundary, **values)
        return self._model.complete(messages).text

    def close(self) -> None:
        """Close the connections."""
        self._model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
