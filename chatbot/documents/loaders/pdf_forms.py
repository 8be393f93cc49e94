"""The values that were filled into a pdf form, beside their labels, and the comments on a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from chatbot.documents.loaders.page_lines import Letter, Segment

_MOST = 2_000
_COMMENTS = (pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_HIGHLIGHT)
_BOXES = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)


def form_values(page: PdfPage, segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments with each filled value behind its label, or where its field stands."""
    result = list(segments)
    form = page.formenv
    if form is None:
        return result
    for annotation in _annotations(page, (pdfium.FPDF_ANNOT_WIDGET,)):
        value = _value(form, annotation)
        box = pdfium.FS_RECTF()
        if not value or not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
            continue
        bottom, top = sorted((box.bottom, box.top))
        drawn = (box.left, bottom, box.right, top)
        letters = [Letter(char, drawn) for char in value if not char.isspace()]
        level = (
            one
            for one in result
            if bottom - 3 <= one.y + one.height / 4 <= top and one.x0 <= box.left
        )
        if label := max(level, key=lambda one: one.x1, default=None):
            label.text = f"{label.text} {value}"
            label.letters += letters
            continue
        name = _string(pdfium.FPDFAnnot_GetFormFieldName, form, annotation)
        text = f"{name}: {value}" if name else value
        height = min(top - bottom, 12.0)
        result.append(
            Segment(text=text, x0=box.left, x1=box.right, y=bottom, height=height, letters=letters)
        )
    return result


def notes_of(page: PdfPage) -> list[str]:
    """Return the comments that readers have put on a page."""
    found = _annotations(page, _COMMENTS)
    words = (_string(pdfium.FPDFAnnot_GetStringValue, one, b"Contents") for one in found)
    return [one for one in words if one]


def _value(form: object, annotation: object) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _BOXES:
        return "[x]" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "[ ]"
    if kind == pdfium.FPDF_FORMFIELD_PUSHBUTTON:
        return ""
    return _string(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation)


def _annotations(page: PdfPage, kinds: Sequence[int]) -> Iterator[Any]:
    for index in range(min(_MOST, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        if pdfium.FPDFAnnot_GetSubtype(annotation) in kinds:
            yield annotation
        pdfium.FPDFPage_CloseAnnot(annotation)


def _string(function: Any, *arguments: object) -> str:  # noqa: ANN401 - a C function
    size = function(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    return " ".join(bytes(buffer)[: size - 2].decode("utf-16-le", "replace").split())
