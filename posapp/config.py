"""The settings file posapp.toml: described fields, strict reading with line numbers, careful writing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from posapp.config_fields import SETTINGS, Value
from posapp.config_remotes import DEFAULT_CURRENCY, STATUSES, BadFieldError, RemoteConfig, remote_from
from posapp.domain.backups import BackupPlan
from posapp.domain.due import zone_of
from posapp.domain.errors import RefusedError, StorageError, UsageError
from posapp.domain.kitchen import KitchenSetup
from posapp.domain.retention import PrivacyPlan
from posapp.domain.sale_rules import SaleRules, parse_cash_steps, station_prefix
from posapp.domain.text import clean_line
from posapp.domain.timing import Targets

if TYPE_CHECKING:
    from posapp.domain.kitchen_routes import KitchenRoute
    from posapp.printing.printers import Printer

__all__ = ["RemoteConfig", "remote_from"]  # beside what is defined here

CONFIG_NAME = "posapp.toml"
_BY_PLACE = {(item.section, item.key): item for item in SETTINGS}


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a data directory."""

    values: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    remotes: tuple[RemoteConfig, ...] = ()
    printers: tuple[Printer, ...] = ()

    def get(self, section: str, key: str) -> Any:
        """Return a setting, its default when the file does not name it."""
        return self.values.get((section, key), _BY_PLACE[section, key].default)

    @property
    def station(self) -> str:
        """Return this station's name; it is never empty, for it signs every entry of the history."""
        described = _BY_PLACE["station", "name"]
        return clean_line(str(self.get("station", "name"))) or str(described.default)

    @property
    def targets(self) -> Targets:
        """Return the target times."""
        return Targets(self.get("targets", "delivery_minutes"), self.get("targets", "pickup_minutes"))

    @property
    def sale_rules(self) -> SaleRules:
        """Return the rules of counter sales at this station."""
        shops = self.remotes[0].currency if self.remotes else DEFAULT_CURRENCY
        currency = str(self.get("sales", "currency")) or shops
        steps = parse_cash_steps(str(self.get("sales", "cash_rounding")))
        return SaleRules(
            currency=currency,
            zone=self.zone,
            prefix=str(self.get("station", "prefix")).upper() or station_prefix(self.station),
            cash_step=steps.get(currency, Decimal("0")),
            tips=bool(self.get("sales", "tips")),
            shift_required=bool(self.get("sales", "shift_required")),
            discount_limit=Decimal(int(self.get("sales", "discount_limit"))),
            difference_limit=Decimal(int(self.get("sales", "difference_limit"))),
        )

    @property
    def kitchen(self) -> KitchenSetup:
        """Return how the kitchen works here."""
        return KitchenSetup.read(lambda key: self.get("kitchen", key))

    @property
    def backups(self) -> BackupPlan:
        """Return the schedule of backups."""
        return BackupPlan(
            int(self.get("backup", "hours")),
            int(self.get("backup", "keep")),
            str(self.get("backup", "folder")),
            self.station,
        )

    @property
    def privacy(self) -> PrivacyPlan:
        """Return when customers are forgotten."""
        return PrivacyPlan(int(self.get("privacy", "days")))

    @property
    def zone(self) -> ZoneInfo:
        """Return the shop's zone: that of the first remote, else this computer's."""
        return self.remotes[0].zone if self.remotes else _local_zone()

    def zone_of(self, remote: str | None) -> ZoneInfo:
        """Return the zone of a remote's orders; of a remote that is gone and of none, the shop's."""
        return next((item.zone for item in self.remotes if item.name == remote), self.zone)

    def remote(self, name: str) -> RemoteConfig:
        """Return the remote called `name`; raise RefusedError when there is none."""
        for item in self.remotes:
            if item.name == name:
                return item
        raise RefusedError(f"There is no remote “{name[:40]}”.", remedy="posapp remotes list shows all.")

    @property
    def kitchen_routes(self) -> tuple[KitchenRoute, ...]:
        """Return which kitchen printer gets which dishes; empty when there is none."""
        from posapp.domain.kitchen_routes import kitchen_routes

        found = ((one.name, one.stations) for one in self.printers if "kitchen" in one.roles)
        return kitchen_routes(found)

    def printer_for(self, role: str) -> Printer | None:
        """Return the first printer for "receipt" or "kitchen", None when there is none."""
        return next((printer for printer in self.printers if role in printer.roles), None)


def _local_zone() -> ZoneInfo:
    return _zone_of_computer(os.environ.get("TZ", ""))


@lru_cache(maxsize=4)  # the window asks at each paint, and must not ask the disk
def _zone_of_computer(variable: str) -> ZoneInfo:
    name = variable.lstrip(":")
    if not name:
        try:
            name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
        except OSError:
            name = ""
    try:
        return zone_of(name or "UTC")
    except UsageError:
        return zone_of("UTC")


def data_directory(option: str | None, environment: Mapping[str, str]) -> Path:
    """Return the data directory: the option, else POSAPP_DATA_DIR, else the platform's place."""
    chosen = option or environment.get("POSAPP_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("posapp", appauthor=False)


def load(data_dir: Path) -> Config:
    """Read posapp.toml; a missing file means all defaults. Raises UsageError naming file and line."""
    path = data_dir / CONFIG_NAME
    try:
        text = _read(path)
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path}, line {line}: this is not UTF-8 text.", remedy="Save it as UTF-8."
        ) from None
    except OSError as error:
        raise StorageError("The settings cannot be read.", f"{path}: {error.strerror}.") from error
    try:
        return parse(text)
    except _BadSettingError as error:
        raise UsageError(
            f"{path}, line {error.line}: {error.text}.", remedy="Correct this line, then start again."
        ) from None


def _read(path: Path) -> str:
    text = path.read_text("utf-8-sig")  # Windows' editors put a mark before the first letter
    if "postgres" not in text:
        return text
    from posapp.config_secret import may_hold_password, move_password  # what other shops do not load

    if may_hold_password(text):
        move_password(path)
        text = path.read_text("utf-8-sig")
    return text


class _BadSettingError(Exception):
    def __init__(self, line: int, text: str) -> None:
        clean = clean_line(text)  # it may quote what stands in the file
        hidden = "" if clean == text else ", and there are characters on this line that cannot be seen"
        super().__init__(clean + hidden)
        self.line = line
        self.text = clean + hidden


def parse(text: str) -> Config:
    """Read settings from TOML text."""
    import tomllib  # not needed by a first start

    try:
        tree = tomllib.loads(text)
    # Numbers of thousands of digits and brackets without end raise errors of other kinds.
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise _BadSettingError(
            line, "this is not valid TOML: " + re.sub(r" \(at .*\)", "", str(error))
        ) from None
    values: dict[tuple[str, str], Value] = {}
    remotes: list[RemoteConfig] = []
    printers: list[Printer] = []
    for section, content in tree.items():
        if section == "remotes":
            remotes = _parse_tables(section, content, text, remote_from)
        elif section == "printers":
            printers = _parse_tables(section, content, text, _printer_from)
        elif not isinstance(content, dict):
            line = _line_of(text, re.escape(section))
            raise _BadSettingError(line, f"“{section[:40]}” has to be inside a section")
        elif section not in {item.section for item in SETTINGS}:
            line = _line_of(text, rf"\[+{re.escape(section)}\b")
            raise _BadSettingError(line, f"there is no section “{section[:40]}”")
        else:
            values |= _parse_section(section, content, text)
    return Config(values, tuple(remotes), tuple(printers))


def _parse_section(section: str, content: dict[str, Any], text: str) -> dict[tuple[str, str], Any]:
    values = {}
    for key, value in content.items():
        described = _BY_PLACE.get((section, key))
        line = _line_of(text, re.escape(key), after=rf"\[{section}\]")
        if described is None:
            raise _BadSettingError(line, f"there is no setting “{key}” in [{section}]")
        try:
            values[section, key] = described.check(value)
        except ValueError as error:
            raise _BadSettingError(line, str(error)) from None
    return values


def _line_of(text: str, key: str, after: str = "", nth: int = 0) -> int:
    """Return the line (from 1) on which a key stands, after the nth header `after`."""
    lines = text.split("\n")
    start = 0
    if after:
        heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[*{after}", line)]
        start = heads[nth] if nth < len(heads) else 0
    for number in range(start, len(lines)):
        if re.match(rf"\s*[\"']?{key}\b", lines[number]) or re.match(rf"\s*[\"']?{key}", lines[number]):
            return number + 1
    return start + 1


def _line_of_statuses(text: str, number: int, inner: str) -> int:
    """Return the line of a row of a remote's statuses, of all of them where they stand on one line."""
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if re.match(r"\s*\[\[remotes\]\]", line)]
    start, end = (*heads, len(lines), len(lines))[number : number + 2] if heads else (0, len(lines))
    for key in (re.escape(inner) if inner else "$.", STATUSES, rf"\[remotes\.{STATUSES}\]"):
        for at in range(start, end):
            if re.match(rf"\s*[\"']?{key}(?![A-Za-z0-9])", lines[at]):
                return at + 1
    return start + 1


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _parse_tables(
    section: str, content: object, text: str, make: Callable[[Mapping[str, Any]], _N]
) -> list[_N]:
    """Read the sections of one kind, such as [[remotes]]."""
    one = section.removesuffix("s")
    words = f"write each {one} under [[{section}]]"
    if not isinstance(content, list):
        raise _BadSettingError(_line_of(text, rf"\[{section}"), words)
    made: list[_N] = []
    for number, table in enumerate(content):
        after = rf"\[{section}\]\]"
        head = _line_of(text, rf"\[\[{section}\]\]", after=after, nth=number)
        if not isinstance(table, dict):
            raise _BadSettingError(head, words)
        try:
            item = make(table)
            if any(other.name == item.name for other in made):
                raise BadFieldError("name", f"there are two {section} called “{item.name}”")
        except BadFieldError as error:
            known = error.key in table
            line = _line_of(text, re.escape(error.key), after=after, nth=number) if known else head
            if error.key == STATUSES:
                line = _line_of_statuses(text, number, error.inner)
            raise _BadSettingError(line, str(error)) from None
        made.append(item)
    return made


def make_remote(table: Mapping[str, Any]) -> RemoteConfig:
    """Make a remote from what a person entered; raise RefusedError naming the field."""
    try:
        return remote_from(table)
    except BadFieldError as error:
        raise _refused(error) from None


def _printer_from(table: Mapping[str, Any]) -> Printer:
    from posapp.printing.printers import BadPrinterError, printer_from

    try:
        return printer_from(table)
    except BadPrinterError as error:
        raise BadFieldError(error.key, str(error)) from None


def make_printer(table: Mapping[str, Any]) -> Printer:
    """Make a printer from what a person entered; raise RefusedError naming the field."""
    try:
        return _printer_from(table)
    except BadFieldError as error:
        raise _refused(error) from None


def _refused(error: BadFieldError) -> RefusedError:
    sentence = f"{error}."[0].upper() + f"{error}."[1:]
    place = f"{error.key}.{error.inner}" if error.inner else error.key
    return RefusedError(sentence, fields={place: sentence})


def with_setting(config: Config, section: str, key: str, value: Value) -> Config:
    """Return the settings with one changed; raise RefusedError if the value does not fit."""
    described = _BY_PLACE[section, key]
    try:
        checked = described.check(value)
    except ValueError as error:
        raise RefusedError(f"{described.label}: {error}.", fields={key: f"{error}."}) from None
    return replace(config, values={**config.values, (section, key): checked})
