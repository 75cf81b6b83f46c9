"""Plain text broken into lines that fit, whatever strangers wrote: long words, breaks, other alphabets."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption

from posapp.domain.text import clean_text
from posapp.ui import fonts

# A number and its unit stay on one line: "36 см", "2 шт".
_UNIT = re.compile(r"(?<=\d) (?=\w{1,2}(?:\W|$))")
_JOINED = "\u00a0"


@lru_cache(maxsize=8192)
def flow(text: str, px: int, weight: int, width: int) -> tuple[str, ...]:
    """Return the lines of a text at this width; nothing is left out, words longer than a line are broken.

    Marks that turn the direction of writing around are taken out: they could hide what is written.
    """
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    lines: list[str] = []
    for paragraph in clean_text(text).strip().split("\n"):
        plain = _UNIT.sub(_JOINED, " ".join(paragraph.split()))
        if not plain:
            continue
        layout = QTextLayout(plain, fonts.font(px, weight))
        layout.setTextOption(option)
        layout.beginLayout()
        # Positions are of UTF-16, as Qt counts, and not of characters.
        units = plain.encode("utf-16-le")
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(20, width))
            first = 2 * line.textStart()
            part = units[first : first + 2 * line.textLength()].decode("utf-16-le", "replace")
            lines.append(part.strip())
        layout.endLayout()
    return tuple(lines)


@lru_cache(maxsize=4096)
def shortened(text: str, px: int, weight: int, width: int) -> str:
    """Return a text on one line, shortened to the width; for names, never for dishes, codes or times."""
    line = " ".join(clean_text(text).split())
    return fonts.metrics(px, weight).elidedText(line, Qt.TextElideMode.ElideRight, max(0, width))


def line_height(px: int) -> int:
    """Return the height of a line, with room for the marks of Devanagari."""
    return round(px * 1.26)
