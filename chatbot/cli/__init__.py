"""The command line ``chatbot ...``: thin commands over the Chatbot.

Exit 0 fine, 1 a failed gate or check or a file that was not added, 2 bad use. Errors are one clear
sentence on standard error, never a traceback.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from chatbot.cli.app import run

    sys.exit(run(sys.argv[1:]))
