"""What the bar over the screen offers: put this cart aside, take one up."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.widgets.buttons import quiet_button, secondary_button


class HeadTools(QWidget):
    """The two buttons; hidden until the screen is in front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newOrderTools")
        self.hold = secondary_button(self.tr("Hold"), icon="pause-fill", key="F6", height=36)
        self.hold.setObjectName("holdButton")
        self.held = quiet_button("", icon="tray-fill", height=36)
        self.held.setObjectName("heldButton")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.hold)
        row.addWidget(self.held)
        self.show_held(0)
        self.hide()

    def show_held(self, count: int) -> None:
        """Show how many carts are put aside."""
        self.held.setText(self.tr("Held %1").replace("%1", str(count)))
        self.held.setVisible(count > 0)

    def show_cart(self, *, full: bool) -> None:
        """Offer to put the cart aside once there is something in it."""
        self.hold.setEnabled(full)
