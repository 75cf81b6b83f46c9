"""One printer's thread: takes its jobs one after the other, and tells truly how each came out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from posapp.domain.errors import PosError
from posapp.domain.tickets import JobState
from posapp.log import level_of
from posapp.printing import local, network
from posapp.printing.document import Document, Rasterizer, from_json, marked_copy
from posapp.printing.escpos import render
from posapp.printing.printers import Printer, Reach
from posapp.printing.trouble import PrintTroubleError, StoppedError
from posapp.storage.printing import JobRow, begin_job, end_job, next_job
from posapp.storage.store import Store

log = logging.getLogger(__name__)

TRIES = 3
PAUSES_S = (2.0, 8.0)
AGAIN_S = 1.0
LOST = "posapp ended while it printed; look whether it is on paper."
SystemPrint = Callable[[Document, Printer], None]
Send = Callable[[Printer, Document, bool], None]


def send_document(
    printer: Printer,
    document: Document,
    rasterize: Rasterizer,
    system: SystemPrint | None,
    stop: threading.Event,
    *,
    drawer: bool = False,
) -> None:
    """Print a ticket; raise PrintTroubleError when it does not come out whole."""
    if printer.reach is Reach.SYSTEM:
        if system is None:
            raise PrintTroubleError("Printers of the system need the window.")
        if document.blocks:
            system(document, printer)
        return
    data = render(document, printer, rasterize, drawer=drawer and printer.drawer)
    match printer.reach:
        case Reach.NETWORK:
            network.send(printer.host, data, stop)
        case Reach.DEVICE:
            local.write_device(printer.address, data, stop)
        case _:
            local.write_file(printer.address, data, stop)


def probe_printer(printer: Printer) -> None:
    """Find out whether a printer can be reached, without printing; raise PrintTroubleError when not."""
    match printer.reach:
        case Reach.NETWORK:
            network.probe(printer.host, threading.Event())
        case Reach.DEVICE | Reach.FILE:
            local.probe(printer.address, is_file=printer.reach is Reach.FILE)
        case _:
            pass  # the system's queue tells only when something is printed


class Lane:
    """Prints the jobs of one printer in their order. What a stopped program leaves is queued or unknown."""

    def __init__(
        self,
        store: Store,
        name: str,
        find: Callable[[str], Printer | None],
        send: Send,
        lock: threading.Lock,
        stop: threading.Event,
    ) -> None:
        self._store = store
        self._name = name
        self._find = find
        self._send = send
        self._lock = lock
        self._stop = stop
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"printer {name}", daemon=True)

    def start(self) -> None:
        """Start printing."""
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now."""
        self._wake.set()

    def stop(self, timeout_s: float) -> None:
        """Wait for the end of what is under way; the worker has set the signal to stop."""
        self._wake.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._wake.clear()
                try:
                    while not self._stop.is_set() and (job := next_job(self._store, self._name)) is not None:
                        self._do(job)
                except PosError as error:
                    log.log(level_of(error), "Printer %s stopped for a moment: %s", self._name, error)
                    self._stop.wait(AGAIN_S)
                    continue
                if not self._stop.is_set():
                    self._wake.wait()
        finally:
            self._store.close_thread()

    def _do(self, job: JobRow) -> None:
        """Print one job; from the commit of `printing` on, an end of the program leaves it unknown."""
        printer = self._find(self._name)
        if not begin_job(self._store, job.pk):
            return
        state, error = self._outcome(job, printer)
        self._note(job.pk, state, error)
        if state is JobState.QUEUED:
            self._stop.wait(PAUSES_S[min(job.attempts, len(PAUSES_S) - 1)])

    def _outcome(self, job: JobRow, printer: Printer | None) -> tuple[JobState, str]:
        if printer is None:
            return JobState.FAILED, f"There is no printer “{self._name}” in the settings."
        try:
            document = from_json(job.payload)
            with self._lock:
                self._send(printer, marked_copy(document) if job.is_copy else document, job.drawer)
        except PosError as error:
            return JobState.FAILED, str(error)
        except PrintTroubleError as trouble:
            return _after(trouble, job)
        except Exception:
            log.exception("Printing failed")
            return JobState.UNKNOWN, "posapp failed while it printed; the log tells more."
        return JobState.DONE, ""

    def _note(self, pk: int, state: JobState, error: str) -> None:
        """Write the outcome down; while the database cannot be written, nothing else is printed here."""
        told = False
        while True:
            try:
                end_job(self._store, pk, state, error)
                return
            except PosError as trouble:
                if not told:
                    log.warning("The outcome of a print cannot be saved: %s", trouble)
                told = True
                if self._stop.wait(AGAIN_S):
                    return


def _after(trouble: PrintTroubleError, job: JobRow) -> tuple[JobState, str]:
    if trouble.reached:
        return JobState.UNKNOWN, trouble.reason
    if isinstance(trouble, StoppedError):
        return JobState.QUEUED, job.error
    last = job.attempts + 1 >= TRIES
    return (JobState.FAILED if last else JobState.QUEUED), trouble.reason
