"""Words as a font draws them, one by one, without any of the code that makes tickets."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from posapp.ui.fonts import load_fonts
from tests.support.escpos_reader import Paper, Picture, holds, trimmed

PIXELS, WEIGHTS = (24, 38), (500, 700)
_DARK = bytes(b"1"[0] if level < 128 else b"0"[0] for level in range(256))
_DEVANAGARI = re.compile("[\u0900-\u097f]")


@lru_cache(maxsize=512)
def word_pictures(word: str, face: str, px: int, weight: int) -> tuple[Picture, ...]:
    """Return a word in dots, at eight places within a dot."""
    load_fonts()
    font = QFont(face)
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    found = []
    for eighth in range(8):
        image = QImage(len(word) * px + 40, px * 3, QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setFont(font)
        painter.drawText(QPointF(20 + eighth / 8, px * 2), word)
        painter.end()
        found.append(trimmed(_picture(image)))
    return tuple(found)


def _picture(image: QImage) -> Picture:
    data, step = bytes(image.constBits()), image.bytesPerLine()
    lines = (data[y * step : y * step + image.width()] for y in range(image.height()))
    return Picture(image.width(), tuple(int(line.translate(_DARK), 2) for line in lines))


def shows(paper: Paper, text: str) -> bool:
    """Tell whether every word of a text is on paper: as text of the printer, or drawn in a picture."""
    return all(f" {word} " in f" {paper.words} " or _drawn(paper, word) for word in text.split())


def missing(paper: Paper, text: str) -> list[str]:
    """Return the words of a text that are not on paper."""
    return [word for word in text.split() if not shows(paper, word)]


def _drawn(paper: Paper, word: str) -> bool:
    # Each face draws the digits of lines in its own script.
    faces = ["Noto Sans Devanagari"] + ([] if _DEVANAGARI.search(word) else ["Inter"])
    return any(
        holds(picture, glyphs)
        for face in faces
        for px in PIXELS
        for weight in WEIGHTS
        for glyphs in word_pictures(word, face, px, weight)
        for picture in paper.pictures
    )
