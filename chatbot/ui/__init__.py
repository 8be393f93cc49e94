"""The web page: Gradio Blocks mounted on the server's application.

``page`` and ``asking`` know Gradio; ``render`` and what it is made of do not, and are pure.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from chatbot.bot import Chatbot

__all__ = ["mount"]

SCRATCH_DIR = "uploads"
"""Where Gradio writes, if it ever does."""


def mount(app: Starlette, bot: Chatbot) -> Starlette:
    """Mount the page at ``/`` of the server's application, a FastAPI, and return that.

    Call it last: a route added to ``app`` afterwards is not found.
    """
    scratch = bot.settings.data_dir / SCRATCH_DIR
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch.chmod(0o700)
    # Read when Gradio is imported, so before that.
    os.environ["GRADIO_TEMP_DIR"] = str(scratch)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # Else it sums up all its events after each event, in pandas, for a page that is off here.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)

    from chatbot.ui.page import mount_page

    # Outside of a running loop Gradio makes a new one for every lock, and closes none of them; and
    # whoever mounts may have one that runs, so a thread of its own has this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, mount_page(app, bot)).result()
    return app
