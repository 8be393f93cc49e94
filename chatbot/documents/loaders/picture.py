"""Reads pictures (png, jpeg, tiff): the words in them, by recognition; and shows them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.limits import MAX_PIXELS, MAX_RECOGNISED_PAGES
from chatbot.documents.loaders import recognition
from chatbot.documents.loaders.page_lines import Letter, page_lines, reading_order
from chatbot.documents.loaders.pdf_lines import write_pages
from chatbot.errors import FileTooLarge, ScannedFile, UnreadableFile

_LONGEST_SIDE = 2_400
"""Pixels: about a page at 200 dots an inch; more of them make it slower, not better."""


def read_picture(data: bytes, *, name: str) -> Content:
    """Return the words in a picture."""
    if not recognition.is_on:
        raise ScannedFile(f"{name} is a picture. {recognition.HOW_TO}")
    pages = PicturePages(data, name)
    read = pages.pages[:MAX_RECOGNISED_PAGES]
    builder = ContentBuilder(name)
    found = [recognition.recognised(page) for page in read]
    builder.left_out[recognition.UNSURE] = sum(one.unsure for one in found)
    starts = write_pages([page_lines(one.lines) for one in found], builder)
    if not builder.length:
        raise UnreadableFile(f"{name} has no readable words.")
    builder.warnings.append("Its words were recognised in a picture; some may be wrong.")
    if len(read) < len(pages.pages):
        builder.warnings.append(f"Pages after the first {MAX_RECOGNISED_PAGES} were left out.")
    return builder.build(pages=starts)


class PicturePages:
    """The pictures in one file, which most have one of."""

    def __init__(self, data: bytes, name: str) -> None:
        self.pages = list(_pictures(data, name))

    def sizes(self) -> list[tuple[float, float]]:
        """Return width and height of each in pixels."""
        return [page.size for page in self.pages]

    def picture(self, page: int, width: int) -> Image.Image:
        """Return one so many pixels wide."""
        found = self.pages[page]
        return found.resize((width, max(1, round(found.height * width / found.width))))

    def letters(self, page: int) -> list[Letter]:
        """Return the letters in one, their boxes as parts of it; none without recognition."""
        if not recognition.is_on:
            return []
        segments = recognition.recognised(self.pages[page]).lines
        return [letter for part in reading_order(segments) for letter in part.letters]


def _pictures(data: bytes, name: str) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            file = Image.open(io.BytesIO(data))
            if file.width * file.height > MAX_PIXELS:
                raise FileTooLarge(
                    f"{name} has {file.width:,} by {file.height:,} pixels, over {MAX_PIXELS:,}."
                )
            for page in ImageSequence.Iterator(file):
                upright = ImageOps.exif_transpose(page).convert("RGB")
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                yield upright
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise FileTooLarge(f"{name} has more than {MAX_PIXELS:,} pixels, the limit.") from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise UnreadableFile(f"{name} is damaged: it cannot be read as a picture.") from error
