"""One finger or the mouse: tells taps from drags, and drags scroll with momentum."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF
from PySide6.QtGui import QTouchEvent
from PySide6.QtWidgets import QApplication, QScroller, QScrollerProperties, QWidget


class Pointer(QObject):
    """Follows a press until its end; `tapped` hears of those that stayed in place.

    `dragged(from, by)` may take a drag for itself by returning true, for example to scroll inside a tile.
    """

    def __init__(
        self,
        viewport: QWidget,
        tapped: Callable[[QPointF], None],
        dragged: Callable[[QPointF, float], bool],
    ) -> None:
        super().__init__(viewport)
        self._tapped, self._dragged = tapped, dragged
        self._scroller = QScroller.scroller(viewport)
        calm = self._scroller.scrollerProperties()
        metric = QScrollerProperties.ScrollMetric
        off = QScrollerProperties.OvershootPolicy.OvershootAlwaysOff
        for policy in (metric.VerticalOvershootPolicy, metric.HorizontalOvershootPolicy):
            calm.setScrollMetric(policy, off)
        self._scroller.setScrollerProperties(calm)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._start: QPointF | None = None
        self._last = QPointF()
        self._moved = self._taken = False

    @property
    def down(self) -> bool:
        """Tell whether something is pressed."""
        return self._start is not None

    def snap_to(self, interval: int) -> None:
        """Let the scrolling come to rest at whole rows."""
        self._scroller.setSnapPositionsY(0.0, float(max(1, interval)))

    def follow(self, event: QTouchEvent) -> None:
        """Take a touch for a press; the first finger counts."""
        points = event.points()
        if not points:
            return
        at = points[0].position()
        match event.type():
            case QEvent.Type.TouchBegin:
                self.press(at)
            case QEvent.Type.TouchUpdate:
                self.move(at)
            case QEvent.Type.TouchEnd:
                self.release(at)
            case _:
                self.cancel()

    def press(self, at: QPointF) -> None:
        """Begin."""
        self._start, self._last, self._moved, self._taken = at, at, False, False
        self._scroller.handleInput(QScroller.Input.InputPress, at, self._clock.elapsed())

    def move(self, at: QPointF) -> None:
        """Go on."""
        if self._start is None:
            return
        far = (at - self._start).manhattanLength() > 2 * QApplication.startDragDistance()
        if not self._moved and far:
            self._moved = True
            self._taken = self._dragged(self._start, self._last.y() - at.y())
        elif self._moved and self._taken:
            self._dragged(self._start, self._last.y() - at.y())
        if self._moved and not self._taken:
            self._scroller.handleInput(QScroller.Input.InputMove, at, self._clock.elapsed())
        self._last = at

    def release(self, at: QPointF) -> None:
        """End, with a tap if it stayed in place."""
        start, self._start = self._start, None
        if start is None:
            return
        self._scroller.handleInput(QScroller.Input.InputRelease, at, self._clock.elapsed())
        if not self._moved:
            self._tapped(start)

    def cancel(self) -> None:
        """End without meaning anything."""
        if self._start is not None:
            self._start = None
            self._scroller.stop()
