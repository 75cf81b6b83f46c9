"""Phosphor icons from the resources, recoloured and rendered at the screen's own resolution."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from posapp import resources

_WEIGHTS = ("fill", "bold")


def icon_file(name: str) -> str:
    """Return the path of an icon below icons/; "fire" is regular, "fire-fill" and "fire-bold" tell."""
    stem, _, weight = name.rpartition("-")
    folder = weight if stem and weight in _WEIGHTS else "regular"
    return f"{folder}/{name}.svg"


@cache
def _folder() -> Path:
    return resources.path("icons")


@lru_cache(maxsize=512)
def _source(name: str) -> str:
    # Not through the door one by one: it resolves links at every call, which shows at the first paint.
    return (_folder() / icon_file(name)).read_text(encoding="utf-8")


@lru_cache(maxsize=2048)
def _render(name: str, size: int, rgba: int, dpr: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    svg = _source(name).replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    pixels = max(1, round(size * dpr))
    pixmap = QPixmap(QSize(pixels, pixels))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def icon_pixmap(name: str, size: int, color: QColor, dpr: float = 1.0) -> QPixmap:
    """Return the icon as a square pixmap of `size` logical pixels in one colour."""
    return _render(name, size, color.rgba(), dpr)


def paint_icon(painter: QPainter, rect: QRect, name: str, color: QColor) -> None:
    """Paint the icon centred in `rect`, as large as its shorter side allows."""
    size = min(rect.width(), rect.height())
    pixmap = icon_pixmap(name, size, color, painter.device().devicePixelRatio())
    painter.drawPixmap(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - size) // 2, pixmap)


def qicon(name: str, size: int, color: QColor) -> QIcon:
    """Return a QIcon for places where Qt paints by itself, such as menus and window titles."""
    made = QIcon()
    for dpr in (1.0, 2.0):
        made.addPixmap(icon_pixmap(name, size, color, dpr))
    return made
