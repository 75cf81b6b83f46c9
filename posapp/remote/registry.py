"""The remote formats that posapp speaks; a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from posapp.domain.errors import UsageError
from posapp.remote.api import Format
from posapp.remote.internal import InternalFormat
from posapp.remote.staff import StaffFormat
from posapp.remote.staff_status import table_from

# Each is given how changes are sent, "patch" or "put", and the rows of its status table that are its own.
_MAKERS: dict[str, Callable[[str, Mapping[str, object]], Format]] = {
    InternalFormat.name: lambda _update, _statuses: InternalFormat(),
    StaffFormat.name: lambda update, statuses: StaffFormat(update, table_from(statuses)),
}
FORMATS = tuple(_MAKERS)


def format_named(
    name: str, update: str = "patch", statuses: Iterable[tuple[str, tuple[int, ...]]] = ()
) -> Format:
    """Return a new format called `name`; raise UsageError naming those that there are."""
    maker = _MAKERS.get(name)
    if maker is None:
        raise UsageError(
            f"There is no remote format “{name[:40]}”.",
            remedy="Use one of: " + ", ".join(FORMATS) + ".",
            fields={"format": "Unknown format."},
        )
    return maker(update, dict(statuses))
