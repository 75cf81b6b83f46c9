"""The quiet thread of a window and of `sync --watch`: the schedule of backups, and what else can wait."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import PosError
from posapp.log import level_of
from posapp.storage.backup import BackupStoppedError
from posapp.storage.backup_rota import keep_up
from posapp.storage.drill import clear_scratch
from posapp.storage.store import Store
from posapp.storage.upkeep import Upkeep

log = logging.getLogger(__name__)

FIRST_S = 30.0  # after a start, when the rush of it is over
EVERY_S = 300.0
_NICE = 10
_REST_S = 0.05


class BackupWorker:
    """Looks every few minutes; an end in the middle of a backup leaves nothing of it.

    After the backups come the `chores`, which get the worker to ask whether they are to stop and to rest
    between two steps, then the upkeep of the file.
    """

    def __init__(
        self,
        store: Store,
        plan: Callable[[], BackupPlan],
        *,
        first_s: float | None = None,
        every_s: float = EVERY_S,
        chores: Sequence[Callable[[BackupWorker], object]] = (),
    ) -> None:
        self._store, self._plan, self._chores = store, plan, chores
        self._upkeep = Upkeep(store, lambda: self.stopped, self.rest)
        self._first_s, self._every_s = FIRST_S if first_s is None else first_s, every_s
        self._over = threading.Event()
        self._said = ""
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    @property
    def stopped(self) -> bool:
        """Tell the backup whether it is to stop."""
        return self._over.is_set()

    def tell(self, what: str, count: int) -> None:
        """Hear how far a backup is; nobody watches this one."""

    def rest(self) -> None:
        """Let others work for a moment."""
        self._over.wait(_REST_S)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End, a backup that is being made too."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        yield_to_others()
        try:
            self._over.wait(self._first_s)
            while not self._over.is_set():
                self._look()
                self._do_chores()
                self._over.wait(self._every_s)
        finally:
            self._store.close_thread()

    def _look(self) -> None:
        try:
            clear_scratch(self._store.data_dir)
            trouble = keep_up(self._store, self._plan(), observer=self).trouble
        except BackupStoppedError:
            return
        except PosError as error:
            trouble = error
        said = str(trouble) if trouble else ""
        # Once, and not every few minutes for as long as it lasts.
        if said and said != self._said:
            log.log(level_of(trouble) if trouble else logging.WARNING, "Backup: %s", said)
        self._said = said

    def _do_chores(self) -> None:
        for chore in self._chores:
            try:
                chore(self)
            except PosError as error:
                log.info("Put off: %s", error)
        if not self.stopped:
            self._upkeep.look()


def yield_to_others() -> None:
    """Let this thread come after all others where the system can do that."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
