"""The locked window: the time, what waits, and who is working — a PIN opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.people import pin_length
from posapp.storage.people import StaffRow
from posapp.ui import fonts
from posapp.ui.people.persontile import PersonTile
from posapp.ui.people.pinpad import PinDots, PinPad
from posapp.ui.theme import current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.widgets.syncpill import SyncPill
from posapp.ui.widgets.text import PlainLabel

_COLUMNS, _ROWS, _TILE_GAP = 3, 2, 12
_PAD_WIDE, _HINT_WIDE = 3 * 96 + 2 * 12, 420


class LockScreen(Painted):
    """Lies over the whole window while it is locked; `entered` gives the person's id and the PIN."""

    entered = Signal(str, str)
    person_chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("lockScreen")
        self.setAccessibleName(self.tr("Locked"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window = window
        self._tiles: list[PersonTile] = []
        self._chosen: StaffRow | None = None
        self._wait_s = 0
        self._build()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count_down)
        window.installEventFilter(self)
        self.hide()

    # -- building --------------------------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(56, 24, 56, 24)
        for side in (self._left(), self._right()):
            half = QWidget()
            half.setLayout(side)
            side.setContentsMargins(0, 0, 0, 0)
            row.addWidget(half, 1)

    def _left(self) -> QVBoxLayout:
        self.place = PlainLabel("", px=20, weight=fonts.BOLD, elide=True)
        self.clock = PlainLabel("", px=88, weight=fonts.BOLD)
        self.clock.setObjectName("lockClock")
        self.day = PlainLabel("", px=18, tone="text2")
        self.waiting = Banner(BannerTone.NEW)
        self.waiting.setFixedWidth(_HINT_WIDE)
        self.waiting.setObjectName("lockWaiting")
        self.pill = SyncPill()
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        for part in (self.place, self.clock, self.day):
            column.addWidget(part)
        column.addSpacing(12)
        column.addWidget(self.waiting)
        column.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        self._people = QWidget()
        self._grid = QGridLayout(self._people)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_TILE_GAP)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._people)
        self._scroll.viewport().setAutoFillBackground(False)
        self._people.setAutoFillBackground(False)
        self.dots, self.pad = PinDots(), PinPad()
        self.hint = PlainLabel("", px=14, tone="text2", wrap=True)
        self.hint.setObjectName("lockHint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hint.setFixedWidth(_HINT_WIDE)
        self.hint.setMinimumHeight(40)
        self.pad.setFixedWidth(_PAD_WIDE)
        self.pad.changed.connect(self._typed)
        self.pad.finished.connect(self._finished)
        self.pad.help_wanted.connect(self._help)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(PlainLabel(self.tr("Who is working?"), px=20, weight=fonts.BOLD), 0, centre)
        for part in (self._scroll, self.dots, self.hint, self.pad):
            column.addWidget(part, 0, centre)
        column.addStretch(1)
        return column

    # -- what is shown ---------------------------------------------------------------------------------

    def put_people(self, people: Sequence[StaffRow], last: str = "") -> None:
        """Show who works here; `last` is the id of who was here last and is chosen at first."""
        before = self._chosen.id if self._chosen is not None else last
        if [tile.person for tile in self._tiles] == list(people) and people:
            if not self.isVisible() and self._chosen is not None:
                self.choose(next((one for one in people if one.id == last), self._chosen))
            return  # whoever is typing goes on
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = [PersonTile(person, self._people) for person in people]
        for number, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, number // _COLUMNS, number % _COLUMNS)
            tile.show()
            tile.clicked.connect(lambda _=False, tile=tile: self.choose(tile.person))
        self._make_room(len(self._tiles))
        wanted = next((one for one in people if one.id == before), people[0] if people else None)
        if wanted is not None:
            self.choose(wanted)

    def _make_room(self, count: int) -> None:
        """Give one or two rows to the people, the others are scrolled to; two make the keys lower."""
        count = max(1, count)
        columns, rows = min(count, _COLUMNS), -(-count // _COLUMNS)
        wide, high = PersonTile.WIDE + _TILE_GAP, PersonTile.HIGH + _TILE_GAP
        self._people.setFixedSize(columns * wide - _TILE_GAP, rows * high - _TILE_GAP)
        bar = self._scroll.verticalScrollBar().sizeHint().width() if rows > _ROWS else 0
        self._scroll.setFixedSize(self._people.width() + bar, min(rows, _ROWS) * high - _TILE_GAP)
        self.pad.set_low(low=rows > 1)

    def show_time(self, now: datetime, place: str) -> None:
        """Show the shop's time and which station this is."""
        self.clock.setText(f"{now:%H:%M}")
        locale = QLocale(QLocale.Language.English)
        self.day.setText(f"{locale.dayName(now.isoweekday())} {now.day} {locale.monthName(now.month)}")
        self.place.setText(place)

    def show_waiting(self, count: int) -> None:
        """Say how many new orders wait; the alarm rings all the while."""
        if count == 1:
            words = self.tr("1 new order is waiting")
        else:
            words = self.tr("%1 new orders are waiting").replace("%1", str(count))
        self.waiting.show_text(words)
        self.waiting.setVisible(count > 0)

    def choose(self, person: StaffRow) -> None:
        """Let this person enter the PIN."""
        self._chosen = person
        for tile in self._tiles:
            tile.setChecked(tile.person.id == person.id)
        self._second.stop()
        self._wait_s = 0
        self.set_busy(busy=False)
        self._say(self.tr("Enter your PIN"))
        self.pad.begin(pin_length(person.role))
        self.person_chosen.emit(person.id)

    def show_wait(self, person_id: str, seconds: int) -> None:
        """Count down the wait of a person, as long as it is the one who is chosen."""
        if seconds and self._chosen is not None and self._chosen.id == person_id:
            self._wait_s = seconds + 1
            self.pad.setEnabled(False)
            self._second.start()
            self._count_down()

    @property
    def chosen(self) -> StaffRow | None:
        """Return whose PIN is asked for."""
        return self._chosen

    def refuse(self, words: str, wait_s: int = 0) -> None:
        """Say why the PIN was not taken; for `wait_s` nothing can be typed."""
        self.set_busy(busy=False)
        self._wait_s = wait_s
        self._say(words, danger=True)
        if wait_s:
            self.pad.setEnabled(False)
            self._second.start()
        if self._chosen is not None:
            self.pad.begin(pin_length(self._chosen.role))

    def set_busy(self, *, busy: bool) -> None:
        """Take nothing while a PIN is checked."""
        self.pad.setEnabled(not busy and not self._wait_s)
        if busy:
            self._say(self.tr("One moment…"))

    def _say(self, words: str, *, danger: bool = False) -> None:
        self.hint.setText(words)
        self.hint.set_tone("danger_text" if danger else "text2")
        if danger:
            announce(self, words)

    def _typed(self, typed: int, length: int) -> None:
        self.dots.show_typed(typed, length)

    def _finished(self, pin: str) -> None:
        if self._chosen is not None:
            self.set_busy(busy=True)
            self.entered.emit(self._chosen.id, pin)

    def _help(self) -> None:
        self._say(self.tr("Ask the manager for a new PIN: Settings → People."))

    def _count_down(self) -> None:
        self._wait_s -= 1
        if self._wait_s > 0:
            words = self.tr("Too many wrong PINs. The next try is in %1 s.")
            self._say(words.replace("%1", str(self._wait_s)))
            self.hint.set_tone("danger_text")  # said aloud once, not every second
            return
        self._second.stop()
        self.pad.setEnabled(True)
        self._say(self.tr("Enter your PIN"))

    # -- keys and geometry -----------------------------------------------------------------------------

    def take_key(self, event: QKeyEvent) -> bool:
        """Take every key while the window is locked."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(
            Qt.Key(event.key())
        )
        if step is not None and self._tiles:
            at = next((n for n, tile in enumerate(self._tiles) if tile.isChecked()), 0)
            self.choose(self._tiles[(at + step) % len(self._tiles)].person)
            return True
        return self.pad.take_key(event) or event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

    def cover(self) -> None:
        """Lie over the window."""
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()
