"""The benchmark of the loaders sees what is lost and what is glued."""

from __future__ import annotations

from pathlib import Path

from documents_helpers import make_docx, make_pdf

from benchmarks.documents import Losses, measure, second_text


def test_files_that_are_read_whole_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf([["The lock has 9 keys."]]))
    body = "<w:p><w:r><w:t>The li</w:t></w:r><w:r><w:t>d is red.</w:t></w:r></w:p>"
    (tmp_path / "b.docx").write_bytes(make_docx(body))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 and no more")
    found = measure(sorted(tmp_path.iterdir()))
    pdf, word = found[".pdf"], found[".docx"]
    assert (pdf.files, pdf.refused, pdf.words, pdf.kept, pdf.glued) == (2, 1, 5, 5, 0)
    assert (word.words, word.kept, word.sentences, word.torn) == (4, 4, 1, 0)


def test_menus_of_a_page_count_as_lost_and_torn_lines_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<nav>Home</nav><p>and goes on from 12 to 15.</p><script>x = 77</script>")
    assert "77" not in (second_text(page) or "")
    losses: Losses = measure([page])[".html"]
    assert (losses.words, losses.kept, losses.torn, losses.glued) == (8, 7, 1, 0)


def test_what_is_wanted_of_a_page_may_lie_beside_it_and_words_alone_are_seen(
    tmp_path: Path,
) -> None:
    (tmp_path / "source.html").write_text("<h1>Head</h1><p>The mole is 9 m long. Yes.</p><p>門</p>")
    (tmp_path / "expected.html").write_text("<p>The mole is 9 m long.</p>")
    losses = measure([tmp_path / "source.html"])[".html"]
    assert (losses.words, losses.kept, losses.lone) == (6, 6, 2)
