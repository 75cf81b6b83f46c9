"""The print queue at work: a thread that looks, and one for each printer, so that none waits for another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from posapp.domain.errors import PosError
from posapp.log import level_of
from posapp.printing.document import Document, Rasterizer
from posapp.printing.lane import LOST, Lane, SystemPrint, send_document
from posapp.printing.printers import Printer
from posapp.storage.feed import Change, Topic
from posapp.storage.locks import ProcessLock
from posapp.storage.printing import settle_lost, sweep_jobs, waiting_printers
from posapp.storage.store import Store

log = logging.getLogger(__name__)

LOCK_NAME = "printing.lock"
LOCK_RETRY_S = 1.0
LOOK_S = 5.0  # the longest pause between two looks at what other programs queued
LEAVE_S = 2.0


class PrintWorker:
    """Prints what is queued. One process of a data directory does; others take over when it ends.

    `printers` gives the settings of the printers anew each time, `system` prints on a queue of the operating
    system and is called in a printer's thread.
    """

    def __init__(
        self,
        store: Store,
        printers: Callable[[], Sequence[Printer]],
        rasterize: Rasterizer,
        system: SystemPrint | None = None,
    ) -> None:
        self._store = store
        self._printers = printers
        self._rasterize = rasterize
        self._system = system
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._lanes: dict[str, Lane] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._logged = ""
        self._unsubscribe: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)

    def start(self) -> None:
        """Start printing."""
        self._unsubscribe = self._store.feed.subscribe(self._heard)
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now. From any thread."""
        self._wake.set()

    def stop(self, timeout_s: float = LEAVE_S) -> None:
        """End the threads; what a printer is in the middle of is noted as unknown."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def try_out(self, printer: Printer, document: Document) -> None:
        """Print a page past the queue, now and in the calling thread; raise PrintTroubleError."""
        with self._lock_of(printer.name):
            send_document(printer, document, self._rasterize, self._system, self._stop)

    # -- the thread ------------------------------------------------------------------------------------

    def _heard(self, change: Change) -> None:
        if Topic.PRINTS in change.topics:
            self._wake.set()

    def _run(self) -> None:
        lock = ProcessLock(self._store.data_dir / LOCK_NAME)
        try:
            while not self._stop.is_set():
                if not lock.acquire():
                    self._stop.wait(LOCK_RETRY_S)
                    continue
                self._guarded(self._settle_lost)
                self._guarded(lambda: sweep_jobs(self._store))
                while not self._stop.is_set():
                    self._wake.clear()
                    self._guarded(self._look)
                    self._wake.wait(LOOK_S)
        finally:
            for lane in self._lanes.values():
                lane.stop(LEAVE_S / 2)
            self._store.close_thread()
            lock.release()

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do a step; a full disk or a bug must not end printing for the day."""
        try:
            work()
        except PosError as error:
            if str(error) != self._logged:
                self._logged = str(error)
                log.log(level_of(error), "Printing stopped for a moment: %s", error)
            self._stop.wait(LOCK_RETRY_S)
        except Exception:
            log.exception("A look at the print queue failed")
            self._stop.wait(LOCK_RETRY_S)

    def _settle_lost(self) -> None:
        own = [printer.name for printer in self._printers()] if self._store.dialect.shared else None
        settle_lost(self._store, LOST, own)

    def _look(self) -> None:
        for name in waiting_printers(self._store):
            if self._store.dialect.shared and self._find(name) is None:
                continue  # it is another station's
            lane = self._lanes.get(name)
            if lane is None:
                lane = Lane(
                    self._store,
                    name,
                    self._find,
                    lambda printer, document, drawer: send_document(
                        printer, document, self._rasterize, self._system, self._stop, drawer=drawer
                    ),
                    self._lock_of(name),
                    self._stop,
                )
                self._lanes[name] = lane
                lane.start()
            lane.wake()

    def _find(self, name: str) -> Printer | None:
        return next((printer for printer in self._printers() if printer.name == name), None)

    def _lock_of(self, name: str) -> threading.Lock:
        return self._locks.setdefault(name, threading.Lock())
