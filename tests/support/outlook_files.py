"""Writes Outlook messages: compound files, as small as they can be."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, MINI = 512, 64


@dataclass
class Entry:
    """A stream, or a storage with its children by name."""

    data: bytes = b""
    children: dict[str, Entry] | None = None
    number: int = 0
    start: int = END
    left: int = FREE
    child: int = FREE
    named: list[tuple[str, Entry]] = field(default_factory=list)


def make_msg(
    properties: dict[int, str], attachments: tuple[tuple[str, bytes], ...] = (), sent: int = 0
) -> bytes:
    """Make a message of these properties (number and text) and attachments (name and data)."""
    root: dict[str, Entry] = {
        f"__substg1.0_{number:04X}001F": Entry(data=text.encode("utf-16-le"))
        for number, text in properties.items()
    }
    head = struct.pack("<8x4I8x", 0, len(attachments), 0, len(attachments))
    root["__properties_version1.0"] = Entry(data=head + _table(properties, sent))
    root["__nameid_version1.0"] = Entry(children={})
    for number, (name, data) in enumerate(attachments):
        children = {
            "__properties_version1.0": Entry(
                data=bytes(8)
                + _table({0x3707: name}, 0)
                + struct.pack("<IIII", 0x37010102, 6, len(data), 0)
            ),
            "__substg1.0_3707001F": Entry(data=name.encode("utf-16-le")),
            "__substg1.0_37010102": Entry(data=data),
        }
        root[f"__attach_version1.0_#{number:08X}"] = Entry(children=children)
    return _compound(root)


def _table(properties: dict[int, str], sent: int) -> bytes:
    rows = [
        struct.pack("<IIII", number << 16 | 0x1F, 6, len(text.encode("utf-16-le")) + 2, 0)
        for number, text in properties.items()
    ]
    if sent:
        rows.append(struct.pack("<IIQ", 0x00390040, 6, sent))
    return b"".join(rows)


def _compound(children: dict[str, Entry]) -> bytes:
    """Write a compound file whose streams are all small enough for its mini stream."""
    root = Entry(children=children)
    entries = [("Root Entry", root)]
    _number(root, entries)
    mini = b""
    chains: list[int] = []
    for _, entry in entries:
        if entry.children is None and entry.data:
            entry.start = len(chains)
            count = -(-len(entry.data) // MINI)
            chains += [entry.start + n + 1 for n in range(count - 1)] + [END]
            mini += entry.data.ljust(count * MINI, b"\0")
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes, fill: bytes = b"\0") -> int:
        first, count = len(fat), max(1, -(-len(data) // SECTOR))
        fat.extend([first + n + 1 for n in range(count - 1)] + [END])
        padded = data.ljust(count * SECTOR, fill)
        sectors.extend(padded[n : n + SECTOR] for n in range(0, len(padded), SECTOR))
        return first

    root.start = put(mini)
    minifat = put(struct.pack(f"<{len(chains)}I", *chains), b"\xff")
    directory = put(b"".join(_row(name, one, len(mini)) for name, one in entries))
    place = len(fat)
    fat.append(FAT)
    assert len(fat) <= SECTOR // 4
    sectors.append(struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff"))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, directory, 0, 4096, minifat, -(-len(chains) * 4 // SECTOR), END, 0),
    )
    header += struct.pack("<I", place) + b"\xff" * (SECTOR - len(header) - 4)
    return header + b"".join(sectors)


def _number(storage: Entry, entries: list[tuple[str, Entry]]) -> None:
    """Give the children their places; a storage's tree leans to the right all the way."""
    named = sorted((storage.children or {}).items(), key=lambda one: (len(one[0]), one[0].upper()))
    for name, entry in named:
        entry.number = len(entries)
        entries.append((name, entry))
    storage.child = named[0][1].number if named else FREE
    for (_, entry), (_, following) in pairwise(named):
        entry.left = following.number
    for _, entry in named:
        if entry.children is not None:
            _number(entry, entries)


def _row(name: str, entry: Entry, mini: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    kind = 5 if not entry.number else 2 if entry.children is None else 1
    size = mini if kind == 5 else len(entry.data)
    start = entry.start if kind != 1 else 0
    row = text.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI16xIQ", len(text), kind, 1, FREE, entry.left, entry.child, 0, start, size
    )
    assert len(row) == 128
    return row
