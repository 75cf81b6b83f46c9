"""What stands in the window when the database server is away at the start."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from posapp.ui.away.words import kept_count
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.emptystate import EmptyState

translate = QCoreApplication.translate
_MARGIN = 280  # lines that are read at a glance


class StartPage(EmptyState):
    """Says that the database does not answer, and what is kept here; its button tries again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("hard-drives-fill", "", "", parent, tone="warn")
        self.setObjectName("startPage")
        self.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        self.retry = self.add_action(
            translate("away", "Try again"), icon="arrow-clockwise", look=ButtonLook.PRIMARY
        )
        self.retry.setObjectName("startRetry")

    def show_trouble(self, place: str, kept: int) -> None:
        """Name the server, and how many changes are kept on this computer."""
        text = translate(
            "away",
            "The server %1 does not answer. Check that it runs and that this computer is on its network. "
            "It is tried again every few seconds, and posapp opens by itself.",
        ).replace("%1", place)
        if kept:
            safe = translate("away", "%1 and go in when the database is here.")
            text = f"{text} {safe.replace('%1', kept_count(kept))}"
        self.show_words("hard-drives-fill", translate("away", "The database is away"), text, "warn")
