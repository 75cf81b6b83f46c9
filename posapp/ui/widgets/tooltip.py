"""Tooltips that show text as it is, whatever characters it holds."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

_GUARD = "\u2060"


def plain_tooltip(text: str) -> str:
    """Return `text` in a form that Qt never takes for rich text.

    A tooltip guesses its format from the first tag or escaped bracket that it meets. An invisible word joiner
    after each "<" and "&" leaves the look alone and ends the guess.
    """
    return text.replace("<", "<" + _GUARD).replace("&", "&" + _GUARD)


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """Give the widget a tooltip of plain text."""
    widget.setToolTip(plain_tooltip(text))
