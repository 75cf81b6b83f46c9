"""Texts drawn as dots for receipt printers, in our fonts: for alphabets that a printer lacks.

Called in the printers' threads: it paints on images only, which Qt allows anywhere once the fonts are loaded.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextLayout, QTextOption

from posapp.printing.bitmap import MonoBitmap
from posapp.printing.document import Size
from posapp.ui.fonts import BOLD, FAMILIES, MEDIUM

# As high as the printers' own letters of that size; one dot is one pixel.
PIXELS = {Size.NORMAL: 24, Size.TALL: 38, Size.LARGE: 46}
# Named first, the face that has no Devanagari is asked for its rules all the same, and Qt complains of it.
_DEVANAGARI = re.compile("[\u0900-\u097f\ua8e0-\ua8ff]")
_MOST = 60_000  # dots in height: more is no ticket


def ticket_font(text: str, size: Size, *, bold: bool, scale: float = 1.0) -> QFont:
    """Return the font of a ticket's text; `scale` is in pixels for each of a printer's dots."""
    font = QFont()
    font.setFamilies([*(reversed(FAMILIES) if _DEVANAGARI.search(text) else FAMILIES)])
    font.setPixelSize(max(1, round(PIXELS[size] * scale)))
    font.setWeight(QFont.Weight(BOLD if bold else MEDIUM))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def wrapped(text: str, font: QFont, width: float) -> QTextLayout:
    """Return a text in lines of at most `width` pixels, broken at words, or in them where one is too long."""
    layout = QTextLayout(text, font)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout


def height_of(layout: QTextLayout) -> float:
    """Return the height of a text in lines."""
    count = layout.lineCount()
    return layout.lineAt(count - 1).position().y() + layout.lineAt(count - 1).height() if count else 0.0


def width_of(layout: QTextLayout) -> float:
    """Return the width of the longest line."""
    return max((layout.lineAt(n).naturalTextWidth() for n in range(layout.lineCount())), default=0.0)


def rasterize(text: str, width: int, bold: bool, size: Size) -> MonoBitmap:
    """Draw a text in dots; see `posapp.printing.document.Rasterizer`."""
    layout = wrapped(text, ticket_font(text, size, bold=bold), width)
    wide = max(1, min(width, int(width_of(layout)) + 2))
    high = max(1, min(_MOST, int(height_of(layout)) + 1))
    image = QImage(wide, high, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    layout.draw(painter, QPointF(0, 0))
    painter.end()
    return _dots(image)


def _dots(image: QImage) -> MonoBitmap:
    mono = image.convertToFormat(
        QImage.Format.Format_Mono, Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither
    )
    if QColor(mono.color(1)).lightness() > 127:
        mono.invertPixels()
    stride = (mono.width() + 7) // 8
    # Qt keeps each line in whole words of four bytes; what is beyond the width is not ours.
    spare = stride * 8 - mono.width()
    rows, data, step = bytearray(), bytes(mono.constBits()), mono.bytesPerLine()
    for number in range(mono.height()):
        row = int.from_bytes(data[number * step : number * step + stride])
        rows += (row >> spare << spare).to_bytes(stride)
    return MonoBitmap(mono.width(), mono.height(), bytes(rows))
