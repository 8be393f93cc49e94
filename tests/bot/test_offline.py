"""Nothing but the configured model is ever contacted: no telemetry, no download, no font."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = """
import sys

def refuse(event, details):
    # Python's own connections and look-ups; those of native code meet the missing network.
    if event == "socket.connect" and isinstance(details[1], tuple):
        host = details[1][0]
    elif event == "socket.getaddrinfo":
        host = details[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", None, ""):
        sys.stderr.write(f"CONTACTED {host}\\n")
        raise OSError("no network here")

sys.addaudithook(refuse)

from pathlib import Path
from chatbot import Chatbot, Settings, check

folder = Path(sys.argv[1])
(folder / "page.html").write_text(
    "<html><body><h1>Ferry</h1><p>The ferry to Bergen leaves at 9:40 every day.</p>"
    "<img src='http://attacker.example/x.png'></body></html>"
)
with Chatbot.from_settings(Settings(data_dir=folder / "data")) as bot:
    assert not bot.add(folder / "page.html").failed
    assert bot.ask("When does the ferry to Bergen leave?").citations
    assert bot.ask("Who is the king of Tonga?").retrieved
    from chatbot.server import create_app
    from chatbot.ui import mount
    mount(create_app(bot), bot)
check("The ferry leaves at 9:40.", ["The ferry leaves at 9:40."])
print("fine")
"""


def _without_network() -> list[str]:
    """Return a prefix that runs a command in a network namespace of its own, where allowed."""
    unshare = shutil.which("unshare")
    prefix = [unshare, "--map-root-user", "--net"] if unshare else []
    allowed = prefix and subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if allowed and allowed.returncode == 0 else []


def test_import_ingest_ask_check_and_page_contact_nobody(tmp_path: Path) -> None:
    tracing = {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true"}
    done = subprocess.run(
        [*_without_network(), sys.executable, "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | tracing | {"OPENAI_API_KEY": "sk-planted", "LANGSMITH_API_KEY": "planted"},
    )
    assert done.returncode == 0, done.stderr
    assert "CONTACTED" not in done.stderr
    assert done.stdout.strip() == "fine"
