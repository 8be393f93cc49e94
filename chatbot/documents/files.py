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
        if not _is_folder(path):
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
    try:
        # O_NONBLOCK: opening a named pipe returns at once, and what it is, is asked of the open
        # file itself, so that nothing can be swapped in between.
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            _check_status(path, os.fstat(descriptor))
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(_why_unread(shown_path(path), error)) from error
    check_size(len(data), name=shown_path(path))
    return data


def check_size(size: int, *, name: str) -> None:
    """Refuse more than ``MAX_FILE_BYTES`` bytes."""
    if size > MAX_FILE_BYTES:
        raise FileTooLarge(
            f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB, the limit for one file. "
            "Split it and add the parts."
        )


_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


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


def _check_status(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFile(f"{shown_path(path)} is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(
            f"{shown_path(path)} is not a regular file but a device, a pipe or a socket."
        )
    check_size(status.st_size, name=shown_path(path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


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
    try:
        if path.is_symlink():
            target = path.resolve(strict=True)
            return target.is_relative_to(root) and target.is_file()
        return path.is_file()
    except (OSError, RuntimeError):
        return False
