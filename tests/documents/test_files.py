"""Which files are found, and how each unreadable one is refused in a sentence of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from documents_helpers import count_words, make_pdf, parse

from chatbot.documents import SUPPORTED_SUFFIXES, find_files, load_bytes, load_file
from chatbot.errors import DocumentError, FileTooLarge, UnreadableFile, UnsupportedFile


def load(path: Path) -> str:
    return load_file(path, count_tokens=count_words).document.text


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        load_file(path, count_tokens=count_words)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_folders_are_searched_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "c.gif", ".hidden.txt", "sub/d.pdf", ".git/e.txt", "sub/f.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = find_files([tmp_path])
    assert found.files == tuple(
        tmp_path / name for name in ("a.TXT", "b.md", "sub/d.pdf", "sub/f.html")
    )
    assert found.skipped == (tmp_path / "c.gif",)


def test_a_path_that_was_named_is_kept_and_none_comes_twice(tmp_path: Path) -> None:
    named = tmp_path / "named.xyz"
    inside = tmp_path / "a.txt"
    inside.write_text("x")
    found = find_files([named, inside, tmp_path, inside])
    assert found.files == (named, inside)
    assert found.skipped == ()


def test_links_are_followed_only_inside_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (folder / "real.txt").write_text("real")
    (folder / "inside.txt").symlink_to(folder / "real.txt")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "dir").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "broken.txt").symlink_to(folder / "nothing")
    assert [path.name for path in find_files([folder]).files] == ["inside.txt", "real.txt"]


def test_a_folder_that_may_not_be_read_is_named_and_the_rest_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def guarded(path: Path) -> object:
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["a.txt"]
    assert [failure.reason for failure in found.failed] == [
        f"You have no permission to read {tmp_path / 'locked'}."
    ]


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    [failure] = find_files([tmp_path]).failed
    assert failure.reason == f"There is no file in the folder {tmp_path}."


def test_a_pipe_in_a_folder_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert find_files([tmp_path]).files == ()


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing"
    assert refusal(path) == f"{path} does not exist."


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert refusal(folder) == f"{folder} is a folder, not a file."


@pytest.mark.parametrize("suffix", [".xyz", ".doc", ".gif", ""])
def test_an_unsupported_suffix_names_the_supported_ones(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_text("Some text.")
    message = refusal(path)
    assert all(known in message for known in SUPPORTED_SUFFIXES)


def test_a_named_pipe_and_a_device_never_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert "is not a regular file but a device, a pipe or a socket" in refusal(pipe)
    device = tmp_path / "zero.txt"
    device.symlink_to("/dev/zero")
    assert "is not a regular file" in refusal(device)


def test_a_loop_of_links(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    assert "cannot be read: Too many levels of symbolic links" in refusal(loop)


@pytest.mark.parametrize("name", ["a\x00b.txt", "x" * 300 + ".txt"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    assert "cannot be read" in refusal(tmp_path / name) or "does not exist" in refusal(
        tmp_path / name
    )


def test_a_name_with_line_breaks_and_broken_bytes_becomes_one_clean_line(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\nb\xff.txt"))
    path.write_text("Hello there.")
    document = load_file(path, count_tokens=count_words).document
    assert document.source == f"{tmp_path}/a b\ufffd.txt"
    assert document.title == "a b\ufffd"


def test_ten_megabytes_are_read_and_one_more_byte_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    path.write_bytes(b"word\n" + b" " * 9_999_995)
    assert load(path) == "word"
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(FileTooLarge, match="is larger than 10 MB"):
        load(path)
    with pytest.raises(FileTooLarge, match="is larger than 10 MB"):
        load_bytes(path.read_bytes(), name="up.md", count_tokens=count_words)


def test_an_enormous_sparse_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)
    assert "is larger than 10 MB" in refusal(path)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("x.txt", make_pdf([["Hello."]]), "is not text but a PDF file"),
        ("x.md", b"\x89PNG\r\n\x1a\n" + bytes(50), "is not text but a PNG image"),
        ("x.html", b"PK\x03\x04" + bytes(50), "is not text but a zip archive"),
        ("x.txt", b"{\\rtf1\\ansi Hello.}", "is not text but an RTF file"),
        ("x.pdf", b"\x89PNG\r\n\x1a\n" + bytes(50), "is not a PDF file but a PNG image"),
        ("x.pdf", b"Just some text.", "is not a PDF file but something else"),
        ("x.docx", b"\xff\xd8\xff\xe0" + bytes(50), "is not a Word file but a JPEG image"),
        ("x.docx", make_pdf([["Hello."]]), "is not a Word file but a PDF file"),
    ],
)
def test_a_wrong_suffix_is_recognised_by_the_content(name: str, data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFile, match=f"{name} {what}"):
        parse(data, name)


@pytest.mark.parametrize("text", ["RIFF is a format.", "ID3 tags are old.", "GIF89a is a header."])
def test_a_text_that_begins_like_a_signature_is_a_text(text: str) -> None:
    assert parse(text, "x.txt").document.text == text


def test_bytes_without_a_suffix_say_themselves_what_they_are() -> None:
    assert parse("<!DOCTYPE html><p>Hello there.", "-").document.kind == "html"
    assert parse(make_pdf([["Hello there."]]), "stdin").document.kind == "pdf"
    document = parse("Hello there.", "stdin").document
    assert (document.kind, document.source, document.title) == ("txt", "stdin", "stdin")


def test_an_empty_file_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(UnreadableFile, match=r"empty\.pdf is empty\."):
        load(path)


def test_the_same_text_has_the_same_id_in_every_format(tmp_path: Path) -> None:
    text = "Japan sent 101 trucks."
    ids = {
        parse(text, "a.txt").document.id,
        parse(f"**{text}**", "b.md").document.id,
        parse(f"<p>{text}</p>", "c.html").document.id,
        parse(make_pdf([[text]]), "d.pdf").document.id,
    }
    assert len(ids) == 1
