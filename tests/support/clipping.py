"""Finds text that is cut off: walks the visible widgets and compares their texts with their room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QWidget

from posapp.ui.widgets.text import PlainLabel

_SLACK = 1


@runtime_checkable
class TellsClipped(Protocol):
    """A painted widget that knows which of its texts do not fit."""

    def clipped_texts(self) -> list[str]:
        """Return the texts that are cut off."""


@dataclass(frozen=True, slots=True)
class Clipped:
    """One finding: where, what, and how it was noticed."""

    widget: str
    text: str
    why: str


def find_clipped(root: QWidget) -> list[Clipped]:
    """Return every text below `root` that a person cannot read in full; labels that elide are meant to."""
    return [found for widget in _visible(root) for found in _check(widget, root)]


def _visible(root: QWidget) -> Iterator[QWidget]:
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisibleTo(root):
            yield widget


def _check(widget: QWidget, root: QWidget) -> Iterator[Clipped]:
    name = widget.objectName() or type(widget).__name__
    texts: list[str] = []
    if isinstance(widget, QLabel):
        texts = [widget.text()] if widget.text() else []
        if texts and not _label_fits(widget):
            yield Clipped(name, widget.text(), "the label is smaller than its text")
    elif isinstance(widget, TellsClipped):
        for text in widget.clipped_texts():
            yield Clipped(name, text, "the widget is smaller than its text")
        texts = [widget.accessibleName()] if widget.accessibleName() else []
    if texts and widget is not root and not _inside_parents(widget, root):
        yield Clipped(name, texts[0], "it reaches out of the widget around it")


def _label_fits(label: QLabel) -> bool:
    room = label.contentsRect()
    if isinstance(label, PlainLabel) and label.elides():
        return label.height() + _SLACK >= label.fontMetrics().ascent() and room.width() > 0
    flags = int(label.alignment())
    if label.wordWrap():
        flags |= int(Qt.TextFlag.TextWordWrap)
    wide = room.width() if label.wordWrap() else 100_000
    needed = label.fontMetrics().boundingRect(QRect(0, 0, wide, 100_000), flags, label.text())
    return needed.width() <= room.width() + _SLACK and needed.height() <= room.height() + _SLACK


def _inside_parents(widget: QWidget, root: QWidget) -> bool:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around.parentWidget(), QAbstractScrollArea):
            # What scrolls may lie outside the part in sight.
            return True
        rect = QRect(widget.mapTo(around, QPoint(0, 0)), widget.size())
        if not around.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(rect):
            return False
        if around is root or around.isWindow():
            return True
        around = around.parentWidget()
    return True
