"""What the sync engine decides about: an order with its queue, and the effects of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.status import PERSON_ROWS, WAITING_ROWS, RowState, Status, SyncState

REASSERT = "reassert"
STATUS = "status"
FIELDS = "fields"
OVERTAKEN = "a later step overtook it"  # why a step was given up
POINTLESS = "the order was cancelled before this was sent"


@dataclass(frozen=True, slots=True)
class Change:
    """What one field was here before, and what it became; both in canonical text (posapp.domain.rules)."""

    base: str
    ours: str
    theirs: str | None = None  # what somebody else made it at the remote; None: no conflict about it


@dataclass(frozen=True, slots=True)
class Row:
    """An outbox row that is not settled yet."""

    seq: int
    kind: str
    target: Status
    base: Status
    forced: bool
    state: RowState
    attempts: int
    reached: int  # tries that may have reached the remote
    refusals: int
    created_at: datetime
    not_before: datetime | None = None
    hold_until: datetime | None = None
    last_at: datetime | None = None
    last_class: str = ""
    theirs: str = ""
    patch: Mapping[str, Change] = field(default_factory=dict)  # by field; empty: this row is about the status


@dataclass(frozen=True, slots=True)
class OrderSync:
    """An order as the engine sees it; `rows` are those that are not settled, in order."""

    pk: int
    remote: str
    remote_id: str
    code: str
    status: Status
    shadow: Status
    own: frozenset[Status]  # what we sent, and what the order was here before that
    sent: frozenset[Status]  # what may have reached the remote, now or later
    rows: tuple[Row, ...]
    settle_at: datetime | None
    watch_at: datetime | None
    missing_at: datetime | None
    reasserts: int
    # Of the fields that were edited here and are not yet at rest:
    fields: Mapping[str, str] = field(default_factory=dict)  # what they are here
    shadow_fields: Mapping[str, str] = field(default_factory=dict)  # what the remote showed last
    sent_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)  # what may have reached it
    keeps_edits: bool = False  # the remote takes no fields: edits stay here
    skipped: tuple[int, ...] = ()  # steps given up because a later one overtook them, which was refused since

    @property
    def steps(self) -> tuple[Row, ...]:
        """Return the rows about the status."""
        return tuple(row for row in self.rows if not row.patch)

    @property
    def edits(self) -> tuple[Row, ...]:
        """Return the rows about fields."""
        return tuple(row for row in self.rows if row.patch)

    def texts_of(self, name: str) -> tuple[str, ...]:
        """Return all values that a field has in this view, those that edits make of it first."""
        patches = [row.patch[name] for row in self.rows if name in row.patch]
        others = [values[name] for values in (self.fields, self.shadow_fields) if name in values]
        more = [text for change in patches for text in (change.base, change.theirs) if text is not None]
        sent = sorted(self.sent_fields.get(name, ()))
        return (*(change.ours for change in patches), *others, *more, *sent)

    @property
    def needs_person(self) -> bool:
        """Tell whether a row waits for a person, so that nothing of this order is sent."""
        return any(row.state in PERSON_ROWS for row in self.rows)

    @property
    def head(self) -> Row | None:
        """Return the first row that waits to be sent, None when there is none or a person is needed."""
        if self.needs_person:
            return None
        return next((row for row in self.rows if row.state in WAITING_ROWS), None)


@dataclass(frozen=True, slots=True)
class Confirm:
    """The remote has this row's value, on its own word."""

    seq: int
    how: str  # a word for the history: answered | found


@dataclass(frozen=True, slots=True)
class Supersede:
    """This row will never be sent."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The remote showed this value; `foreign` when somebody else must have set it."""

    value: Status
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class SeenFields:
    """The remote showed these values of edited fields."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take over the remote's value."""

    value: Status


@dataclass(frozen=True, slots=True)
class AdoptFields:
    """Take over what the remote shows of these fields."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToConflict:
    """A person has to decide about the status; `seq` is the row concerned, None to make one."""

    seq: int | None
    theirs: Status
    reason: str


@dataclass(frozen=True, slots=True)
class FieldsConflict:
    """A person has to decide about fields; `seq` is the row concerned, None to make one of this patch."""

    seq: int | None
    patch: Mapping[str, Change]
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """This row waits for another try; `unsent` when this try reached nothing."""

    seq: int
    state: RowState
    not_before: datetime
    verdict: str
    error: str
    unsent: bool = False
    counts: bool = True  # whether people should see it as a try
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Park:
    """The remote refuses this row; it and those behind it wait for a person."""

    seq: int
    error: str
    fields: Mapping[str, str] = field(default_factory=dict)  # the remote's words by field


@dataclass(frozen=True, slots=True)
class Replay:
    """The remote refuses this row; the steps between that were given up for it go out after all, then it."""

    seq: int
    skipped: tuple[int, ...]
    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The order is gone at the remote."""

    error: str


@dataclass(frozen=True, slots=True)
class Revive:
    """What kept these rows from going out is over: an order is there again, or the remote has our value."""


@dataclass(frozen=True, slots=True)
class Reassert:
    """Send our value again: an older one of ours came back."""

    value: Status
    base: Status


@dataclass(frozen=True, slots=True)
class ReassertFields:
    """Send our values again: older ones of ours came back."""

    patch: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Settle:
    """Keep watching until a successful read at or after this; None: the watch may end."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Read this order again at this time; None: no more."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The remote did not know this order; the first time counts. None: it does."""

    since: datetime | None


Effect = (
    Confirm
    | Supersede
    | Seen
    | SeenFields
    | Adopt
    | AdoptFields
    | ToConflict
    | FieldsConflict
    | Again
    | Park
    | Replay
    | Dead
    | Revive
    | Reassert
    | ReassertFields
    | Settle
    | Watch
    | Missing
)


def sync_state(states: frozenset[RowState], *, is_local: bool) -> SyncState:
    """Return what a person should see for an order with rows in these states."""
    if is_local:
        return SyncState.LOCAL
    if RowState.CONFLICT in states:
        return SyncState.CONFLICT
    if states & PERSON_ROWS:
        return SyncState.FAILED
    if states & WAITING_ROWS:
        return SyncState.PENDING
    return SyncState.SYNCED
