"""Small parts of the window's frame: the station's badge, the training band, the alarm's frame."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QRegion
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.paintkit import Painted, draw_text, smooth
from posapp.ui.widgets.text import PlainLabel

_FRAME = 4


class StationBadge(Painted):
    """The station at the foot of the rail: initials on a disc, its name below; a click opens its settings."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stationBadge")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._initials = ""
        self._name = PlainLabel("", px=12, weight=fonts.SEMIBOLD, tone="on_rail", elide=True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 42, 2, 0)
        column.addWidget(self._name)

    def show_station(self, name: str) -> None:
        """Show a station's name and its initials."""
        self._name.setText(name)
        self._initials = initials(name)
        self.setAccessibleName(self.tr("Station %1").replace("%1", name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current_theme().px(76), current_theme().px(60))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.rail_active)
        disc = QRect((self.width() - 34) // 2, 0, 34, 34)
        painter.drawEllipse(disc)
        painter.setFont(fonts.font(13, fonts.BOLD))
        draw_text(painter, disc, self._initials, Qt.AlignmentFlag.AlignHCenter, c.on_rail_active)
        painter.end()


def initials(name: str) -> str:
    """Return up to two characters that stand for a name: "counter-1" gives "C1"."""
    words = [word for word in name.replace("-", " ").replace("_", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


class TrainingBand(Painted):
    """The band on every screen of training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingBand")
        words = self.tr("Training — nothing here reaches a real shop")
        self.setAccessibleName(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(46, 0, 20, 0)
        row.addWidget(PlainLabel(words, px=13, weight=fonts.SEMIBOLD, tone="warn_text"))
        self.keep_height(28)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        painter.fillRect(self.rect(), c.warn_tint)
        painter.fillRect(0, self.height() - 1, self.width(), 1, c.warn)
        paint_icon(painter, QRect(20, (self.height() - 18) // 2, 18, 18), "info-fill", c.warn)
        painter.end()


class AlarmFrame(QWidget):
    """A steady frame of 4 px around the window while something rings: blue at first, red after a minute."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("alarmFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window, self._urgent = window, False
        window.installEventFilter(self)
        self.hide()

    def put(self, shown: bool, urgent: bool) -> None:
        """Show or hide the frame."""
        self._urgent = urgent
        self._fit()
        self.setVisible(shown)
        self.raise_()
        self.update()

    def is_urgent(self) -> bool:
        """Tell whether the frame is the one of an alarm that nobody heard for a minute."""
        return self._urgent

    def _fit(self) -> None:
        whole = self._window.rect()
        self.setGeometry(whole)
        # Only the frame itself lies over the window: what is painted inside is not painted twice.
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        colour = theme.palette.danger if self._urgent else theme.status["created"].solid
        painter = smooth(self)
        painter.fillRect(self.rect(), colour)
        painter.end()


class ProblemBar(QWidget):
    """Says what went wrong, what is safe and what to do; stays until a person hides it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemBar")
        self.banner = Banner(BannerTone.DANGER)
        self.banner.set_action(self.tr("Hide"))
        self.banner.triggered.connect(self.hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.banner)
        self.hide()

    def show_problem(self, error: PosError) -> None:
        """Show an expected failure."""
        more = " ".join(_sentence(part) for part in (error.detail, error.remedy) if part)
        self.banner.show_text(error.title, more=more)
        self.show()


def _sentence(text: str) -> str:
    """Return a text that ends as sentences do: what comes from below may be a few bare words."""
    return text if text[-1] in ".!?…" else f"{text}."
