"""Settings: plain values from keyword arguments or ``CHATBOT_*`` variables; builds nothing.

``OPENAI_API_KEY`` and ``OPENAI_BASE_URL`` keep their usual names. A key that lies in the
environment is not consent: documents go to a model only when ``CHATBOT_MODEL`` is set.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatbot.errors import SettingsError


@cache
def resource_dir(name: str) -> Path:
    """Return the folder ``prompts``, ``corpus`` or ``weights``: of the wheel, else of the checkout.

    Args:
        name: the folder's name in the wheel (``chatbot/<name>``) and in the checkout (``<name>``).
    """
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


_WANTED = {
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_parsing": "write a number",
    "bool_parsing": "write true or false",
}


def _problem(variable: str, error: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    """Return one sentence on what is wrong with a setting; the value of a key is not shown."""
    if error["type"] == "extra_forbidden":
        return f"There is no setting {variable}."
    said = error["msg"].rstrip(".")
    wanted = _WANTED.get(error["type"], said[:1].lower() + said[1:])
    if "KEY" in variable:
        return f"The setting {variable} cannot work: {wanted}."
    return f"The setting {variable} is {str(error['input'])!r}, which cannot work: {wanted}."


class Settings(BaseSettings):
    """Everything a user can set. Each field is ``CHATBOT_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="CHATBOT_",
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        env_ignore_empty=True,
    )

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - each field has its own type
        """Take the values given, then the environment's, then the defaults.

        Raises:
            SettingsError: if a value cannot work, or a name is no setting.
        """
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            variable = name if name.isupper() else f"CHATBOT_{name.upper()}"
            raise SettingsError(_problem(variable, first)) from error

    data_dir: Path = Field(default_factory=lambda: user_data_path("chatbot", appauthor=False))
    """Where the store lives (mode 0700)."""
    database_url: SecretStr | None = None
    """``postgresql://…`` for a store that many processes share; None is SQLite in ``data_dir``."""
    chroma_url: str | None = None
    """``http(s)://…`` of a Chroma server; None is the embedded Chroma in ``data_dir``."""
    chroma_token: SecretStr | None = None
    """Sent to that server with every request."""
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"
    corpus_dir: Path | None = Field(default_factory=lambda: resource_dir("corpus"))
    """Documents that a new store starts with; None starts empty."""

    model: str | None = None
    """``provider:name`` for LangChain's ``init_chat_model``; None answers by quoting."""
    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("api_key", "CHATBOT_API_KEY", "OPENAI_API_KEY")
    )
    base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("base_url", "CHATBOT_BASE_URL", "OPENAI_BASE_URL"),
    )
    examine_model: bool = True
    """Whether ``serve`` asks the model three questions of its own when it starts: is it fit?"""
    strict: bool = False
    """Withhold claims that the check does not support, or let the source speak, and say so."""
    temperature: float | None = None
    """None leaves the model's default: some models accept no other."""
    max_evidence_tokens: int = Field(default=2000, ge=100)
    max_answer_tokens: int = Field(default=1000, ge=16)
    llm_connect_timeout: float = Field(default=5.0, gt=0)
    llm_first_token_timeout: float = Field(default=120.0, gt=0)
    """Seconds until the first token: a model on a laptop reads a long prompt before it."""
    llm_read_timeout: float = Field(default=30.0, gt=0)
    """Seconds between two tokens."""
    llm_deadline: float | None = Field(default=None, gt=0)
    """Seconds that all model calls of one answer may take together; None sets no limit while
    tokens come."""

    embedding_model: str = "builtin"
    """``builtin`` (all-MiniLM-L6-v2, runs here) or ``openai:NAME`` for a compatible server."""
    embedding_base_url: str | None = None
    embedder_dir: Path | None = None
    """Another ONNX sentence-embedding directory in the place of the built-in one."""
    reader_dir: Path | None = None
    """Another reader: a directory that ``python -m training.truth.export reader`` wrote."""
    verifier: str = "builtin"
    """Who judges claims: ``builtin``, a model (``provider:name``), or ``both``: then the model that
    answers is asked where the built-in network is unsure. Claims and their evidence go to it."""
    verifier_dir: Path | None = None
    """Another verifier: a directory that ``python -m training.truth.export verifier`` wrote."""

    allow_urls: bool = False
    """Whether web addresses may be added; nothing is fetched unless somebody adds one."""

    max_question_chars: int = Field(default=2000, ge=1)
    threads: int | None = Field(default=None, ge=1)
    """Threads of each local model; None takes all cores."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    answers_at_once: int = Field(default=16, ge=1)
    """Answers that the HTTP API makes at the same time; more wait."""
    queue_size: int = Field(default=64, ge=0)
    """Requests that may wait for that; the next one is told to come back."""
    requests_per_minute: int = Field(default=60, ge=0)
    """The most requests of each token; 0 sets no limit."""
    requests_per_minute_all: int = Field(default=0, ge=0)
    """The most requests of everybody together; 0 sets no limit."""
    tokens_per_day: int = Field(default=500_000, ge=0)
    """Tokens of the model that each token may use in a day (UTC); 0 sets no limit."""
    tokens_per_day_all: int = Field(default=0, ge=0)
    """Tokens of the model that all may use in a day together; 0 sets no limit."""
    share_links: bool = False
    """Let people make read-only links to their conversations, which open without a login."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None
    """How much the server logs; None is INFO, and WARNING on a terminal. DEBUG shows questions."""
    otlp_endpoint: str | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "otlp_endpoint", "CHATBOT_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
        ),
    )
    """Where OpenTelemetry spans go (OTLP over gRPC); None sends none."""
    langsmith_tracing: bool = False
    """LangSmith sends questions and documents out; off unless set here, whatever the shell says."""
