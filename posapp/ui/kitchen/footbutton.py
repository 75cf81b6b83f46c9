"""The buttons at the foot of a tile, large enough for a finger."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.ui.theme import Palette
from posapp.ui.widgets.buttons import Button, ButtonDress, ButtonLook


class FootButton(Button):
    """A button of a tile, large enough for a finger; amber where an edit waits to be seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, look=ButtonLook.SECONDARY)
        self._amber = False
        self._worn: tuple[ButtonLook, bool, int] | None = None
        self._icon_px = 26

    def dress_as(self, look: ButtonLook, *, amber: bool = False, px: int) -> None:
        """Wear a look at a size of text."""
        if (look, amber, px) != self._worn:
            self._worn = (look, amber, px)
            self._amber, self._px, self._icon_px = amber, px, px + 4
            # An amber one paints its key as the other filled ones do.
            self.set_look(ButtonLook.PRIMARY if amber else look)

    def _dress(self, colours: Palette) -> ButtonDress:
        if self._amber:
            return ButtonDress(colours.warn, colours.on_warn)
        return super()._dress(colours)
