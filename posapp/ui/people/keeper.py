"""Who is at this window: locks it, lets people in by PIN, and asks a manager where a role is not enough."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.people import NotAllowedError, Role, may
from posapp.domain.who import Who
from posapp.storage.audit_log import AuditFilter, AuditRow, audit_page
from posapp.storage.feed import Change, Topic
from posapp.storage.people import StaffRow, signed_in, staff
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.people.lockscreen import LockScreen
from posapp.ui.shell_parts import StationBadge
from posapp.ui.shell_state import StateReader
from posapp.ui.sync_view import SyncView
from posapp.ui.tasks import Refused
from posapp.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from posapp.services.people import Entered
    from posapp.ui.people.approval import ApprovalDialog

_CHECK_MS = 5_000
_TOLD_FOR = timedelta(days=7)
_ACTIVITY = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel}
)


class Shell(Protocol):
    """What the lock needs of the window."""

    reader: StateReader
    station: StationBadge
    sync_view: SyncView

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""

    def set_usable(self, *, usable: bool) -> None:
        """Let everything under the lock take keys and clicks, or nothing."""

    def open_settings(self, section: str) -> None:
        """Open the settings at a section."""


class PeopleKeeper(QObject):
    """Knows who works here; without anybody the window is never locked."""

    def __init__(self, ctx: Context, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._shell, self._window = ctx, shell, window
        self.people: tuple[StaffRow, ...] = ()
        self._person: StaffRow | None = None
        self._last = ""
        self._active_at = ctx.clock()
        self.screen = LockScreen(window)
        self.screen.entered.connect(self._enter)
        self.screen.person_chosen.connect(self._look_for_wait)
        self._approval: ApprovalDialog | None = None
        self._waiting: list[Refused] = []
        shell.sync_view.add_pill(self.screen.pill)
        self.screen.pill.setEnabled(False)
        shell.station.clicked.connect(self._open_foot)
        shell.reader.changed.connect(self._show_state)
        ctx.lock_wanted.connect(self.lock)
        ctx.tasks.not_permitted.connect(self._refused)
        ctx.feed.changed.connect(self._heard)
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self._check_idle)
        self._timer.start()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self.refresh()

    @property
    def locked(self) -> bool:
        """Tell whether the window waits for a PIN."""
        return self.screen.isVisibleTo(self._window)

    @property
    def person(self) -> StaffRow | None:
        """Return who is signed in."""
        return self._person

    def refresh(self) -> None:
        """Read who works here."""
        ctx = self._ctx
        token = ctx.signed_in.sign_in if ctx.signed_in else ""

        def work() -> tuple[tuple[StaffRow, ...], StaffRow | None]:
            still = signed_in(ctx.store, token) if token else None
            return staff(ctx.store), still.person if still else None

        ctx.tasks.run(work, lambda found: self._put(token, *found), owner=self)

    def _put(self, token: str, people: tuple[StaffRow, ...], person: StaffRow | None) -> None:
        if token != (self._ctx.signed_in.sign_in if self._ctx.signed_in else ""):
            self.refresh()
            return
        self.people, self._person = people, person
        self._ctx.role = person.role if person is not None else None
        self.screen.put_people(people, self._last)
        self.show_foot()
        if not people:
            self._leave(None)
            self._open()
        elif person is None:
            self._leave(None)
            self._close()

    def show_foot(self) -> None:
        """Show who is at work, or the station, at the foot of the rail."""
        station = self._ctx.config.station
        self._shell.station.show_station(self._person.name if self._person else station)

    def _open_foot(self) -> None:
        if self._person is not None:
            self.lock()
        else:
            self._shell.open_settings("station")

    # -- locking ---------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Sign out and cover the window; where nobody works there is nothing to lock."""
        if not self.people:
            self._ctx.message.emit(self.tr("Nobody has a PIN yet. Add people in Settings → People."), None)
            return
        if self._ctx.away.is_away:
            # Nobody could come in again: PINs are in the database.
            self._ctx.message.emit(self.tr("The database is away: nobody could sign in again"), None)
            return
        who = self._ctx.signed_in
        self._leave(None)
        if who is not None:
            ctx = self._ctx

            def work() -> None:
                from posapp.services.people import sign_out

                sign_out(ctx.store, who, origin=WINDOW_ORIGIN)

            ctx.tasks.run(work, owner=self)
        self._close()

    def _leave(self, who: Who | None) -> None:
        if self._ctx.signed_in is not who:
            self._ctx.put_signed_in(who)
        if who is None:
            self._person = None
        self._ctx.role = self._person.role if self._person is not None else None

    def _close(self) -> None:
        if self.locked:
            return
        self._end_what_lies_above()
        self.tick()
        self.screen.put_people(self.people, self._last)
        self.screen.cover()
        self._shell.set_usable(usable=False)

    def _end_what_lies_above(self) -> None:
        """Close menus and all dialogs, those for files too: they would lie above the lock and take keys."""
        seen: set[int] = set()
        while (popup := QApplication.activePopupWidget()) is not None and id(popup) not in seen:
            seen.add(id(popup))
            popup.close()
        for dialog in self._window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()

    def _open(self) -> None:
        if self.locked:
            self.screen.hide()
            self._shell.set_usable(usable=True)

    def _enter(self, person_id: str, pin: str) -> None:
        ctx, station = self._ctx, self._ctx.config.station

        def work() -> Entered:
            from posapp.services.people import sign_in

            return sign_in(ctx.store, person_id, pin, station, origin=WINDOW_ORIGIN)

        ctx.tasks.run(work, self._entered, failed=self._wrong, owner=self)

    def _entered(self, entered: Entered) -> None:
        self._last, self._person = entered.person.id, entered.person
        self._ctx.role = entered.person.role
        self._active_at = self._ctx.clock()
        self._ctx.put_signed_in(entered.who)
        self.screen.set_busy(busy=False)
        self.show_foot()
        self._open()
        store = self._ctx.store
        recovered = AuditFilter(kinds=("staff_recovered",))
        self._ctx.tasks.run(
            lambda: audit_page(store, recovered, limit=1).rows, self._tell_recovered, owner=self
        )

    def _tell_recovered(self, rows: tuple[AuditRow, ...]) -> None:
        """Tell everybody who comes, for a week, that a manager's PIN was replaced without one."""
        ctx = self._ctx
        for row in rows:
            if ctx.clock() - row.event.at < _TOLD_FOR:
                words = self.tr("%1 got a new PIN on the command line on %2. Look at Reports → History.")
                words = words.replace("%1", row.event.params.get("name", ""))
                day = f"{row.event.at.astimezone(ctx.zone):%d.%m. %H:%M}"
                ctx.problem.emit(RefusedError(words.replace("%2", day)))

    def _look_for_wait(self, person_id: str) -> None:
        """Show the wait after wrong PINs that were typed before, here or elsewhere."""
        ctx = self._ctx

        def work() -> int:
            from posapp.services.pins import ends_at

            until = ends_at(ctx.store, person_id)
            return ceil((until - ctx.clock()).total_seconds()) if until else 0

        ctx.tasks.run(work, lambda seconds: self.screen.show_wait(person_id, seconds), owner=self)

    def _wrong(self, error: PosError) -> None:
        self.screen.refuse(" ".join(part for part in (error.title, error.detail) if part), wait_of(error))

    # -- what happens meanwhile ------------------------------------------------------------------------

    def tick(self) -> None:
        """Show the time on the lock."""
        config = self._ctx.config
        shops = ", ".join(remote.name for remote in config.remotes)
        place = " · ".join(part for part in (shops, config.station) if part)
        self.screen.show_time(self._ctx.clock().astimezone(config.zone), place)

    def _show_state(self) -> None:
        state = self._shell.reader.state
        if state is not None:
            new = state.counts.by_status
            self.screen.show_waiting(new.get("created", 0) + new.get("edited", 0))

    def _heard(self, change: Change) -> None:
        if Topic.STAFF in change.topics or change.foreign:
            self.refresh()

    def _check_idle(self) -> None:
        if self.locked:
            self.tick()
            return
        minutes = int(self._ctx.config.get("station", "lock_minutes"))
        idle = self._ctx.clock() - self._active_at
        away = self._ctx.away.is_away
        if self._ctx.signed_in is not None and minutes and idle >= timedelta(minutes=minutes) and not away:
            self.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY:
            self._active_at = self._ctx.clock()
        return super().eventFilter(watched, event)

    # -- what a role is not enough for -----------------------------------------------------------------

    def _refused(self, refused: Refused) -> None:
        error = refused.error
        if not isinstance(error, NotAllowedError):
            refused.give_up()
            self.refresh()
            return
        self._waiting.append(refused)
        if self._approval is not None:
            return
        managers = [one for one in self.people if may(one.role, error.right) and one.role is Role.MANAGER]
        from posapp.ui.people.approval import ApprovalDialog

        self._approval = ApprovalDialog(self._ctx, error, managers, self._window)
        self._approval.finished.connect(self._approved)
        self._shell.open_dialog(self._approval)

    def _approved(self, result: int) -> None:
        waiting, self._waiting, self._approval = self._waiting, [], None
        for number, refused in enumerate(waiting):
            if result and number == 0:
                refused.again()
            else:
                refused.give_up()
                if self._ctx.signed_in is not None:
                    refused.left()
        if not result and self._ctx.signed_in is not None:
            ctx, who = self._ctx, self._ctx.signed_in
            ctx.tasks.run(lambda: _drop_approvals(ctx, who), owner=self)  # given for a part of it


def _drop_approvals(ctx: Context, who: Who) -> None:
    from posapp.services.people import drop_approvals

    drop_approvals(ctx.store, who)


def wait_of(error: PosError) -> int:
    """Return for how many seconds no PIN is taken, as the error of a wrong one says."""
    figures = [int(word) for word in error.detail.split() if word.isdecimal()]
    return figures[0] if figures else 0
