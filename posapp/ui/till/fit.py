"""Dialogs as high as what they say, also after a sentence was added under a field."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from posapp.ui.widgets.dialog import Dialog


def fit_soon(dialog: Dialog) -> None:
    """Give a dialog its height once its parts know theirs."""
    QTimer.singleShot(0, dialog, lambda: fit_height(dialog))


def fit_height(dialog: Dialog) -> None:
    """Give a dialog the height that its width asks for: lines break, and pills make rows."""
    layout = dialog.layout()
    if layout is None:
        return
    layout.invalidate()
    layout.activate()
    wanted = layout.totalHeightForWidth(dialog.width()) if layout.hasHeightForWidth() else -1
    if wanted < 0:
        wanted = layout.totalSizeHint().height()
    dialog.resize(dialog.width(), wanted)
