"""Runs the window as a program: one per data directory, from the lock to the last thread."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtWidgets import QApplication

from posapp.app.composition import App
from posapp.app.opening import Opening
from posapp.domain.errors import DatabaseAwayError, PosError, StorageError, UsageError
from posapp.storage.directory import prepare_directory
from posapp.storage.locks import ProcessLock, window_lock
from posapp.ui.main_window import USUAL, MainWindow

if TYPE_CHECKING:
    from posapp.training import Training

ANSWER_S = 5.0
FILL_MS = 300
SETTLED_MS = 2000
TRAINING_FOLDER = "training"
_GEOMETRY = "window.geometry"


def run(
    make: type[App], data_dir: Path, *, training: bool, screen: str, full_screen: bool, verbose: bool
) -> int:
    """Run until the window is closed; see `posapp.app.run_window`."""
    from posapp.config import load

    place = data_dir / TRAINING_FOLDER if training else data_dir
    if not training:
        load(place)  # a broken file is told before anything is made
    prepare_directory(place)
    lock = window_lock(place)
    if not lock.acquire() and not _raise_other(place, lock, screen, training=training):
        return 0
    try:
        _check_display()
        return _run_locked(
            make, place, training=training, screen=screen, full_screen=full_screen, verbose=verbose
        )
    finally:
        lock.release()


def _check_display() -> None:
    """Raise UsageError where there is plainly no screen: Qt would only abort."""
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in wanted):
        raise UsageError(
            "There is no screen here.",
            "Neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "Start the window on a desktop; posapp --help lists the commands that need none.",
        )


def _raise_other(place: Path, lock: ProcessLock, screen: str, *, training: bool) -> bool:
    """Ask the window that is open to come forward.

    Returns False when it did, True when it ended meanwhile and the lock is ours; raises StorageError when it
    does neither.
    """
    from posapp.config import load
    from posapp.services import calls
    from posapp.storage.database import open_store
    from posapp.storage.server import server_at

    url = "" if training else str(load(place).get("database", "url"))
    try:
        store = open_store(place, server=server_at(url, os.environ))
    except DatabaseAwayError as error:
        raise StorageError(
            "posapp is open already.",
            "Its window cannot be called forward while the database is away.",
            "Look for it on the screen; it goes on by itself.",
        ) from error
    try:
        call = calls.ask(store, calls.SHOW, {"screen": screen})
        end = time.monotonic() + ANSWER_S
        while time.monotonic() < end:
            if calls.result_of(store, call) is not None:
                return False
            if lock.acquire():
                calls.withdraw(store, call)
                return True
            time.sleep(0.1)
        calls.withdraw(store, call)
    finally:
        store.close_thread()
    raise StorageError(
        "This data directory is in use.",
        f"Another posapp has {place} open and does not answer.",
        "Close it, or choose another directory with --data-dir.",
    )


def _run_locked(
    make: type[App], place: Path, *, training: bool, screen: str, full_screen: bool, verbose: bool
) -> int:
    with _training(place, wanted=training) as shop:
        secrets = shop.secrets if shop is not None else None
        app = make(place, screen=screen, training=training, secrets=secrets)
        failures: list[PosError] = []

        def open_rest() -> None:
            # After the first picture: the log and the database cost as much as the frame.
            from posapp.log import setup_logging

            setup_logging(place, verbose=verbose)
            Opening(app, place, opened, failed).begin()

        def opened() -> None:
            # What the window is made of stays: looking for garbage in it again and again holds the window up.
            QTimer.singleShot(SETTLED_MS, app, gc.freeze)

        def failed(error: PosError) -> None:
            failures.append(error)
            app.window.close_now()

        try:
            _restore(app.window, place)
            app.window.first_painted.connect(open_rest)
            app.window.closed.connect(lambda: _leave(app.window, place))
            _show(app.window, full_screen=full_screen)
            with _signals(app):
                QApplication.exec()
        finally:
            app.close()
            _stop_logging()
    if failures:
        raise failures[0]
    return 0


@contextlib.contextmanager
def _training(place: Path, *, wanted: bool) -> Iterator[Training | None]:
    """Keep the training shop running for as long as the window, where it is wanted."""
    if not wanted:
        yield None
        return
    from posapp.training import Training

    shop = Training.start(place)
    try:
        yield shop
    finally:
        shop.stop()


@contextlib.contextmanager
def _signals(app: App) -> Iterator[None]:
    """Let SIGTERM and SIGINT close the window; the window's clock wakes Python often enough to notice."""

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        QTimer.singleShot(0, app.window, app.window.close_now)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_logging() -> None:
    from posapp.log import stop_logging

    stop_logging()


def _show(window: MainWindow, *, full_screen: bool) -> None:
    if full_screen:
        window.showFullScreen()
        QTimer.singleShot(FILL_MS, window, lambda: _fill(window))
    else:
        window.show()


def _fill(window: MainWindow) -> None:
    """Fill the screen where no window manager did: a kiosk often has none."""
    room = window.screen().geometry()
    if window.isFullScreen() and window.size() != room.size():
        window.setGeometry(room)


def _restore(window: MainWindow, place: Path) -> None:
    """Give the window the size and place that it had last; at first it fills a small screen."""
    with contextlib.suppress(OSError, binascii.Error):
        if window.restoreGeometry(QByteArray(base64.b64decode((place / _GEOMETRY).read_bytes()))):
            return
    window.resize(*USUAL)
    room = window.screen().availableSize()
    if room.width() <= USUAL[0] or room.height() <= USUAL[1] + 60:
        window.showMaximized()


def _leave(window: MainWindow, place: Path) -> None:
    with contextlib.suppress(OSError):
        (place / _GEOMETRY).write_bytes(base64.b64encode(window.saveGeometry().data()))
    QApplication.quit()
