"""What the staff do with the orders of the shop in Thamel: steps, and edits that all end differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from posapp.domain.status import Status
from posapp.sandbox.acts import StaffAct
from posapp.sandbox.cast import at


@dataclass(frozen=True, slots=True)
class EditAct:
    """What the staff change about an order, and when."""

    at: timedelta
    order: str
    fields: tuple[tuple[str, str], ...]


_ACCEPTED, _COOKING, _ONDELIVERY = Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY

THAMEL_ACTS: tuple[StaffAct | EditAct, ...] = (
    StaffAct(at("3:10"), "pema", _ACCEPTED),
    StaffAct(at("4:05"), "pema", _COOKING),
    StaffAct(at("7:30"), "bikash", _ACCEPTED),
    StaffAct(at("9:50"), "ramesh", _ACCEPTED),
    StaffAct(at("12:20"), "bikash", _COOKING),
    StaffAct(at("12:40"), "ramesh", _COOKING),
    # Made while the line is down. A colleague edits another field of the first, and the same of the second.
    EditAct(at("13:30"), "bikash", (("phone", "9803 514 877"),)),
    EditAct(at("13:40"), "ramesh", (("street", "लाजिम्पाट (Lazimpat) 81"),)),
    StaffAct(at("16:10"), "anjali", _ACCEPTED),
    StaffAct(at("17:05"), "anjali", _COOKING),
    StaffAct(at("17:30"), "pema", _ONDELIVERY),
    StaffAct(at("26:20"), "sunita", _ACCEPTED),
    # The customer moves for the evening; the shop does not go that far, and says so.
    EditAct(at("28:10"), "sunita", (("district", "Nuwakot"),)),
    StaffAct(at("30:10"), "anjali", _ONDELIVERY),
)  # fmt: skip
