"""Print the path of a Chromium for the browser tests, installing one where that is allowed.

In this order: CHATBOT_CHROMIUM, one that is on the PATH, Playwright's own if it is there, Debian's
package where this user may install it, Playwright's download. Fails in one sentence if none works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> int:
    path = os.environ.get("CHATBOT_CHROMIUM") or _on_path() or _playwrights() or _install()
    if path is None or not Path(path).is_file():
        sys.stderr.write(
            "The browser tests need Chromium, and none was found or could be installed: "
            "install the package 'chromium', or set CHATBOT_CHROMIUM to one.\n"
        )
        return 1
    sys.stdout.write(path)
    return 0


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _install() -> str | None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        sys.stderr.write("Installing the package chromium for the browser tests ...\n")
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "chromium"],
        ):
            _run([*command])
        if found := _on_path():
            return found
    sys.stderr.write("Asking Playwright for its own Chromium ...\n")
    _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return _playwrights()


def _run(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdout=sys.stderr, env=environment)


if __name__ == "__main__":
    raise SystemExit(main())
