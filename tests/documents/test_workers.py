"""The parsing processes end with the program, and are not inherited."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from documents_helpers import blank_pdf, make_docx, parse

from chatbot.documents import isolation
from chatbot.errors import UnreadableFile

pytestmark = pytest.mark.slow

PAGE = b"Hello there."


def test_workers_end_with_the_process_that_started_them() -> None:
    script = (
        "from chatbot.documents import isolation, load_bytes\n"
        "load_bytes(b'<p>Hello there.', name='x.html', count_tokens=lambda t: [1] * len(t))\n"
        "print(isolation._workers.idle[0].process.pid, flush=True)\n"
        "input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=isolation.worker_environment(),
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, 0)
        parent.kill()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_normal_exit_leaves_no_warning_and_no_process() -> None:
    script = (
        "from chatbot.documents import load_bytes\n"
        "load_bytes(b'<p>Hello there.', name='x.html', count_tokens=lambda t: [1] * len(t))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script],
        env=isolation.worker_environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_forked_child_does_not_talk_into_its_parents_pipes() -> None:
    parse(PAGE, "x.html")
    assert isolation._workers.idle
    script = (
        "import os, sys\n"
        "from chatbot.documents import isolation, load_bytes\n"
        "def read(n):\n"
        "    data = b'<p>Hello %d.' % n\n"
        "    parsed = load_bytes(data, name='x.html', count_tokens=lambda t: [1] * len(t))\n"
        "    return parsed.document.text\n"
        "read(1)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if not isolation._workers.idle and read(2) == 'Hello 2.' else 1)\n"
        "sys.exit(os.waitpid(child, 0)[1] or read(3) != 'Hello 3.')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=isolation.worker_environment(), timeout=180, check=False
    )
    assert done.returncode == 0


def test_every_kind_is_read_in_the_shared_pool_and_closing_it_is_harmless() -> None:
    with pytest.raises(UnreadableFile, match="has no text"):
        parse(blank_pdf(1), "x.pdf")
    body = "<w:p><w:r><w:t>Hello there.</w:t></w:r></w:p>"
    assert parse(make_docx(body), "x.docx").document.text == "Hello there."
    isolation._workers.close()
    isolation._workers.close()
    assert isolation._workers.idle == []
    assert parse(PAGE, "x.html").document.text == "Hello there."
