"""What is told when a setting cannot work: one sentence with its name, its value and what to do."""

from __future__ import annotations

import pytest

from chatbot import Settings
from chatbot.errors import SettingsError


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CHATBOT_PORT", "abc", "CHATBOT_PORT is 'abc', which cannot work: write a whole number."),
        ("CHATBOT_TEMPERATURE", "warm", "is 'warm', which cannot work: write a number."),
        (
            "CHATBOT_LANGSMITH_TRACING",
            "maybe",
            "is 'maybe', which cannot work: write true",
        ),
        ("CHATBOT_THREADS", "0", "is '0', which cannot work: input should be greater than"),
    ],
)
def test_a_setting_of_the_shell_that_cannot_work_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_no_setting_is_told() -> None:
    with pytest.raises(SettingsError, match=r"There is no setting CHATBOT_COLOUR\."):
        Settings(colour="red")
