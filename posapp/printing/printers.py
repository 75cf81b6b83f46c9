"""What is known of a printer: how to reach it, its paper, its alphabet, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from posapp.printing.codepages import CodePage, code_page

PORT = 9100
_NAME = re.compile(r"[a-z0-9-]{1,40}\Z")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?\Z")
_MOST_STATIONS, _LONGEST = 20, 64
_DOTS = {58: 384, 80: 576}
_COLUMNS = {58: (32, 42), 80: (48, 42)}


class Reach(StrEnum):
    """The kinds of printers."""

    NETWORK = "network"
    FILE = "file"
    DEVICE = "device"
    SYSTEM = "system"


class Role(StrEnum):
    """What a printer is for."""

    RECEIPT = "receipt"
    KITCHEN = "kitchen"


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as the settings describe it; `columns` 0 means as many as usual for the paper."""

    name: str
    address: str
    kind: str = Reach.NETWORK
    width_mm: int = 80
    columns: int = 0
    code_page: str = "ascii"
    roles: tuple[str, ...] = (Role.RECEIPT.value,)
    drawer: bool = False
    stations: tuple[str, ...] = ()  # of the kitchen whose dishes it gets; none: all that no other gets

    @property
    def reach(self) -> Reach:
        """Return how the printer is reached."""
        return Reach(self.kind)

    @property
    def page(self) -> CodePage:
        """Return the printer's alphabet."""
        return code_page(self.code_page)

    @property
    def letters(self) -> int:
        """Return how many letters of normal size a line takes."""
        return self.columns or _COLUMNS[self.width_mm][0]

    @property
    def narrow(self) -> bool:
        """Tell whether it needs the small font for that many letters."""
        return self.width_mm == 58 and self.letters == 42

    @property
    def dots(self) -> int:
        """Return how many dots a line has; 42 columns on wide paper are a printer of 512."""
        return 512 if self.width_mm == 80 and self.letters == 42 else _DOTS[self.width_mm]

    @property
    def host(self) -> tuple[str, int]:
        """Return a network printer's address and port."""
        match = _HOST.match(self.address)
        if match is None:
            raise ValueError(_HOST_WORDS)
        return match[1].strip("[]"), int(match[2] or PORT)

    def serves(self, role: Role) -> bool:
        """Tell whether the printer is for this."""
        return role.value in self.roles


_HOST_WORDS = "address has to be a host such as 192.168.1.50 or 192.168.1.50:9100"


class BadPrinterError(ValueError):
    """A setting of a printer that cannot be; `key` names it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def printer_from(table: Mapping[str, Any]) -> Printer:
    """Make a printer from its table in the settings; raise BadPrinterError with a sentence."""
    known = {item.name for item in fields(Printer)}
    wanted: dict[str, tuple[type, str]] = {
        "width_mm": (int, "a whole number"),
        "columns": (int, "a whole number"),
        "drawer": (bool, "true or false"),
        "roles": (list, "a list such as ['receipt', 'kitchen']"),
        "stations": (list, "a list such as ['Bar', 'Oven']"),
    }
    for key, value in table.items():
        if key not in known:
            raise BadPrinterError(key, f"there is no setting “{key}” for a printer")
        kind, words = wanted.get(key, (str, "a text in quotes"))
        if type(value) is not kind and not (kind is list and isinstance(value, tuple)):
            raise BadPrinterError(key, f"{key} has to be {words}")
    for key in ("name", "address"):
        if not table.get(key):
            raise BadPrinterError(key, f"a printer needs {key}")
    given = dict(table)
    for key in ("roles", "stations"):
        if key in given:
            given[key] = tuple(given[key])
    printer = Printer(**given)
    _check(printer)
    return printer


def _check(printer: Printer) -> None:
    if not _NAME.match(printer.name):
        raise BadPrinterError("name", "name may have the letters a-z, digits and -, up to 40")
    if printer.kind not in set(Reach):
        raise BadPrinterError("kind", f"kind has to be one of: {', '.join(Reach)}")
    if printer.width_mm not in _DOTS:
        raise BadPrinterError("width_mm", "width_mm has to be 58 or 80")
    if printer.columns not in (0, *_COLUMNS[printer.width_mm]):
        allowed = " or ".join(str(count) for count in _COLUMNS[printer.width_mm])
        raise BadPrinterError("columns", f"columns has to be {allowed} on this paper")
    unknown = [role for role in printer.roles if role not in set(Role)]
    if unknown or len(set(printer.roles)) != len(printer.roles):
        raise BadPrinterError("roles", f"roles has to be some of: {', '.join(Role)}")
    _check_stations(printer)
    _check_address(printer)
    try:
        code_page(printer.code_page)
    except ValueError as error:
        raise BadPrinterError("code_page", str(error)) from None


def _check_stations(printer: Printer) -> None:
    names: tuple[object, ...] = printer.stations
    bad = [name for name in names if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST]
    if bad or len(names) > _MOST_STATIONS:
        raise BadPrinterError("stations", f"stations has to be up to {_MOST_STATIONS} names of the kitchen")


def _check_address(printer: Printer) -> None:
    if len(printer.address) > 500 or not printer.address.isprintable():
        raise BadPrinterError("address", "address has to be a text on one line")
    if printer.reach is not Reach.NETWORK:
        return
    try:
        port = printer.host[1]
    except ValueError as error:
        raise BadPrinterError("address", str(error)) from None
    if not 0 < port < 65536:
        raise BadPrinterError("address", "the port of address has to be from 1 to 65535")
