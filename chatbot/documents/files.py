"""Finds files and reads their bytes without ever hanging on what is not a regular file.

Knows the file system, not the formats.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.documents.cleaning import clean_name
from chatbot.documents.limits import MAX_FILE_BYTES
from chatbot.documents.loaders import SUPPORTED_SUFFIXES
from chatbot.errors import FileTooLarge, UnreadableFile
from chatbot.types import FailedSource


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """The files that a list of paths stands for, sorted inside each folder."""

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]
    """Files of folders that no loader reads."""
    failed: tuple[FailedSource, ...] = ()
    """Folders that may not be read, or in which there is nothing to read."""


def find_files(paths: Sequence[Path]) -> FoundFiles:
    """Return the given files, and the supported files in the given folders and their subfolders.

    A path that is no folder is returned as it is, supported or not, there or not: reading it says
    what is wrong with it. In folders, hidden files and folders are left out, and a symbolic link is
    followed only if it leads to a file inside the same folder. No file comes twice.
    """
    files: dict[Path, None] = {}
    skipped: dict[Path, None] = {}
    failed: list[FailedSource] = []

    def refused(error: OSError) -> None:
        folder = clean_name(str(error.filename))
        reason = f"You have no permission to read {folder}."
        failed.append(FailedSource(source=folder, reason=reason))

    for path in paths:
        if not os.path.isdir(path):
            files[path] = None
            continue
        before = len(failed)
        empty = True
        for found in _walk(path, refused):
            empty = False
            supported = found.suffix.lower() in SUPPORTED_SUFFIXES
            (files if supported else skipped)[found] = None
        if empty and len(failed) == before:
            reason = f"There is no file in the folder {shown_path(path)}."
            failed.append(FailedSource(source=shown_path(path), reason=reason))
    return FoundFiles(files=tuple(files), skipped=tuple(skipped), failed=tuple(failed))


def read_file(path: Path) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        UnreadableFile: if it is missing, a folder, a device, a pipe, or may not be read.
        FileTooLarge: if it has more than ``MAX_FILE_BYTES``.
    """
    shown = shown_path(path)
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            data = file.read(MAX_FILE_BYTES + 1) if is_regular else b""
    except (OSError, ValueError) as error:
        raise UnreadableFile(_why_unread(shown, error)) from error
    if not is_regular:
        raise UnreadableFile(f"{shown} is not a regular file but a device, a pipe or a socket.")
    check_size(len(data), name=shown)
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Open a path, a named pipe too, without waiting; what it is, is asked of the open file."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def check_size(size: int, *, name: str) -> None:
    """Refuse more than ``MAX_FILE_BYTES`` bytes."""
    if size > MAX_FILE_BYTES:
        raise FileTooLarge(
            f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB, the limit for one file. "
            "Split it and add the parts."
        )


def _why_unread(name: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{name} does not exist."
    if isinstance(error, IsADirectoryError):
        return f"{name} is a folder, not a file."
    if isinstance(error, PermissionError):
        return f"You have no permission to read {name}."
    # A ValueError: a name that no file can have.
    return f"{name} cannot be read: {error.strerror if isinstance(error, OSError) else error}."


def shown_path(path: Path) -> str:
    """Return a path as it is told; bytes that are no UTF-8 become replacement characters."""
    return clean_name(str(path))


def _walk(folder: Path, refused: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the visible files below ``folder`` in sorted order; hand over unreadable folders.

    ``os.walk`` does not follow links to folders, so a loop of links ends here.
    """
    root = folder.resolve()
    for current, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(current, name)
            if not name.startswith(".") and _stays_inside(path, root):
                yield path


def _stays_inside(path: Path, root: Path) -> bool:
    return os.path.isfile(path) and (not path.is_symlink() or path.resolve().is_relative_to(root))
