"""The settings file posapp.toml: described fields, strict reading with line numbers, careful writing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.due import zone_of
from posapp.domain.errors import RefusedError, StorageError, UsageError
from posapp.domain.text import clean_line
from posapp.domain.timing import Targets

CONFIG_NAME = "posapp.toml"
_REMOTE_NAME = re.compile(r"[a-z0-9-]{1,40}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Described:
    """One setting: where it is, what it is called, what it may be; the settings screen is drawn from it."""

    section: str
    key: str
    label: str
    help: str
    default: str | int | bool
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0

    def check(self, value: object) -> str | int | bool:
        """Return the value if it fits; raise ValueError with a sentence."""
        wanted = type(self.default)
        if type(value) is not wanted:
            names = {str: "a text in quotes", int: "a whole number", bool: "true or false"}
            raise ValueError(f"{self.key} has to be {names[wanted]}")
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.key} has to be one of: {', '.join(self.choices)}")
        if wanted is int and not self.minimum <= int(str(value)) <= self.maximum:
            raise ValueError(f"{self.key} has to be from {self.minimum} to {self.maximum}")
        if isinstance(value, str) and len(value) > 500:
            raise ValueError(f"{self.key} is too long")
        if (self.section, self.key) == ("database", "url") and value:
            # Passed over in silence, orders would land in a database that nobody else sees.
            raise ValueError("url has to be empty: this version keeps its data in posapp.db only")
        return value


SETTINGS: tuple[Described, ...] = (
    Described("station", "name", "Station name", "Appears in every entry of the history.", "counter-1"),
    Described("database", "url", "Database", "Empty: posapp.db in the data directory.", ""),
    Described(
        "sync", "parallel_orders", "Orders sent side by side", "From 1 to 32.", 8, minimum=1, maximum=32
    ),
    Described("alarm", "sound", "Sound", "Repeats every 8 s until someone accepts.", default=True),
    Described("alarm", "volume", "Volume on this station", "In percent.", 70, minimum=0, maximum=100),
    Described("alarm", "flash", "Flash the window", "When the app is behind other windows.", default=True),
    Described(
        "targets", "delivery_minutes", "Target time, delivery", "Accept to ready.", 15, minimum=1, maximum=240
    ),
    Described(
        "targets", "pickup_minutes", "Target time, pickup", "Accept to ready.", 10, minimum=1, maximum=240
    ),
    Described("look", "theme", "Theme", "", "system", choices=("system", "light", "dark")),
    Described("look", "letter_keys", "Single-letter keys", "Such as S for schedule.", default=True),
)
_BY_PLACE = {(item.section, item.key): item for item in SETTINGS}


@dataclass(frozen=True, slots=True)
class RemoteConfig:
    """A connected shop; its secret is elsewhere (posapp.secrets)."""

    name: str
    base_url: str
    format: str = "internal"
    currency: str = "KZT"
    timezone: str = "Asia/Almaty"
    poll_seconds: int = 10
    collapse: str = "milestones"
    update: str = "patch"

    @property
    def zone(self) -> ZoneInfo:
        """Return the shop's time zone."""
        return zone_of(self.timezone)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a data directory."""

    values: Mapping[tuple[str, str], str | int | bool] = field(default_factory=dict)
    remotes: tuple[RemoteConfig, ...] = ()

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
    def zone(self) -> ZoneInfo:
        """Return the shop's zone: that of the first remote, else this computer's."""
        return self.remotes[0].zone if self.remotes else _local_zone()

    def remote(self, name: str) -> RemoteConfig:
        """Return the remote called `name`; raise RefusedError when there is none."""
        for item in self.remotes:
            if item.name == name:
                return item
        raise RefusedError(f"There is no remote “{name[:40]}”.", remedy="posapp remotes list shows all.")


def _local_zone() -> ZoneInfo:
    name = os.environ.get("TZ", "").lstrip(":")
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
        text = path.read_text("utf-8-sig")  # Windows' editors put a mark before the first letter
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


class _BadSettingError(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


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
    values: dict[tuple[str, str], str | int | bool] = {}
    remotes: list[RemoteConfig] = []
    for section, content in tree.items():
        if section == "remotes":
            remotes = _parse_remotes(content, text)
        elif not isinstance(content, dict):
            line = _line_of(text, re.escape(section))
            raise _BadSettingError(line, f"“{section[:40]}” has to be inside a section")
        elif section not in {item.section for item in SETTINGS}:
            line = _line_of(text, rf"\[+{re.escape(section)}\b")
            raise _BadSettingError(line, f"there is no section “{section[:40]}”")
        else:
            values |= _parse_section(section, content, text)
    return Config(values, tuple(remotes))


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


def _parse_remotes(content: object, text: str) -> list[RemoteConfig]:
    if not isinstance(content, list):
        raise _BadSettingError(_line_of(text, r"\[remotes"), "write each remote under [[remotes]]")
    remotes: list[RemoteConfig] = []
    for number, table in enumerate(content):
        head = _line_of(text, r"\[\[remotes\]\]", after=r"\[remotes\]\]", nth=number)
        if not isinstance(table, dict):
            raise _BadSettingError(head, "write each remote under [[remotes]]")
        try:
            remote = remote_from(table)
            if any(other.name == remote.name for other in remotes):
                raise _BadFieldError("name", f"there are two remotes called “{remote.name}”")
        except _BadFieldError as error:
            line = (
                _line_of(text, re.escape(error.key), after=r"\[remotes\]\]", nth=number)
                if error.key in table
                else head
            )
            raise _BadSettingError(line, str(error)) from None
        remotes.append(remote)
    return remotes


class _BadFieldError(ValueError):
    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def remote_from(table: Mapping[str, Any]) -> RemoteConfig:
    """Make a remote's settings from a table; raises a ValueError with `key` and a sentence."""
    known = {item.name: item for item in fields(RemoteConfig)}
    for key, value in table.items():
        if key not in known:
            raise _BadFieldError(key, f"there is no setting “{key}” for a remote")
        wanted = int if key == "poll_seconds" else str
        if type(value) is not wanted:
            raise _BadFieldError(
                key, f"{key} has to be {'a whole number' if wanted is int else 'a text in quotes'}"
            )
    for key in ("name", "base_url"):
        if not table.get(key):
            raise _BadFieldError(key, f"a remote needs {key}")
    remote = RemoteConfig(**table)
    _check_remote(remote)
    return remote


def _check_remote(remote: RemoteConfig) -> None:
    from posapp.remote.origin import parse_origin
    from posapp.remote.registry import FORMATS

    if not _REMOTE_NAME.match(remote.name):
        raise _BadFieldError("name", "name may have the letters a-z, digits and -, up to 40")
    if remote.format not in FORMATS:
        raise _BadFieldError("format", f"format has to be one of: {', '.join(FORMATS)}")
    if not _CURRENCY.match(remote.currency):
        raise _BadFieldError("currency", "currency has to be three capital letters, such as KZT")
    if not 2 <= remote.poll_seconds <= 3600:
        raise _BadFieldError("poll_seconds", "poll_seconds has to be from 2 to 3600")
    if remote.collapse not in {"milestones", "all", "last"}:
        raise _BadFieldError("collapse", "collapse has to be one of: milestones, all, last")
    if remote.update not in {"patch", "put"}:
        raise _BadFieldError("update", "update has to be patch or put")
    try:
        zone_of(remote.timezone)
    except UsageError as error:
        raise _BadFieldError("timezone", error.title.rstrip(".")) from None
    try:
        parse_origin(remote.base_url)
    except UsageError as error:
        raise _BadFieldError("base_url", str(error).rstrip(".")) from None


def make_remote(table: Mapping[str, Any]) -> RemoteConfig:
    """Make a remote from what a person entered; raise RefusedError naming the field."""
    try:
        return remote_from(table)
    except _BadFieldError as error:
        sentence = f"{error}."[0].upper() + f"{error}."[1:]
        raise RefusedError(sentence, fields={error.key: sentence}) from None


def with_setting(config: Config, section: str, key: str, value: str | int | bool) -> Config:  # noqa: FBT001
    """Return the settings with one changed; raise RefusedError if the value does not fit."""
    described = _BY_PLACE[section, key]
    try:
        checked = described.check(value)
    except ValueError as error:
        raise RefusedError(f"{described.label}: {error}.", fields={key: f"{error}."}) from None
    return replace(config, values={**config.values, (section, key): checked})
