"""The colours for people who asked their system, or posapp, for high contrast."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor

_BLACK, _WHITE = "#000000", "#ffffff"
_GROUNDS = ("bg", "surface", "sunken", "accent_tint", "danger_tint", "warn_tint", "ok_tint", "on_toast")
_INKS = ("text", "text2", "text3", "border", "border_strong", "focus", "toast")
_TONES = (
    "accent", "accent_hover", "accent_press", "accent_text", "danger", "danger_text", "warn", "warn_text",
    "ok", "ok_text",
)  # fmt: skip


def strong_colours(colours: Mapping[str, QColor], *, dark: bool) -> dict[str, QColor]:
    """Return a palette of black and white, in which colour alone marks what acts and what is wrong."""
    ground, ink = _ground_and_ink(dark=dark)
    return {
        **colours,
        **{name: _towards(colours[name], ink) for name in _TONES},
        **dict.fromkeys(_GROUNDS, ground),
        **dict.fromkeys(_INKS, ink),
        "selected": QColor("#203a6b" if dark else "#cfe0ff"),
        "hover": QColor("#333333" if dark else "#e2e2e2"),
        "rail": QColor(_BLACK),
        "on_rail": QColor(_WHITE),
        "toast_action": ground,
    }


def strong_look(colours: Mapping[str, QColor], *, dark: bool) -> dict[str, QColor]:
    """Return the three colours of a status on the plain ground."""
    ground, ink = _ground_and_ink(dark=dark)
    return {"solid": _towards(colours["solid"], ink), "text": _towards(colours["text"], ink), "tint": ground}


def _ground_and_ink(*, dark: bool) -> tuple[QColor, QColor]:
    return (QColor(_BLACK), QColor(_WHITE)) if dark else (QColor(_WHITE), QColor(_BLACK))


def _towards(colour: QColor, ink: QColor) -> QColor:
    """Return the colour half way to the ink."""
    return QColor(
        (colour.red() + ink.red()) // 2,
        (colour.green() + ink.green()) // 2,
        (colour.blue() + ink.blue()) // 2,
    )
