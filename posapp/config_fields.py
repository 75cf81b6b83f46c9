"""The settings as described fields: where each is, what it is called, what it may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.sale_rules import parse_cash_steps
from posapp.domain.text import clean_line

Value = str | int | bool | tuple[str, ...]
LIST_MOST = 20  # entries of a list
ENTRY_LENGTH = 80
REASONS = ("Too busy", "Out of stock", "Cannot deliver there", "Closing soon")


@dataclass(frozen=True, slots=True)
class Described:
    """One setting: where it is, what it is called, what it may be; the settings screen is drawn from it."""

    section: str
    key: str
    label: str
    help: str
    default: Value
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0

    def check(self, value: object) -> Value:
        """Return the value if it fits; raise ValueError with a sentence."""
        if isinstance(self.default, tuple):
            return self._check_list(value)
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
            from posapp.storage.server import check_url  # what a shop without a server does not load

            check_url(str(value))
        if isinstance(value, str) and value and (self.section, self.key) in _FORMS:
            _FORMS[self.section, self.key](value)
        return value

    def _check_list(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(entry, str) for entry in value):
            raise ValueError(f"{self.key} has to be a list of texts in quotes")
        # Entries are shown as they are: one line each, none twice, none empty.
        entries = tuple(dict.fromkeys(line for entry in value if (line := clean_line(entry))))
        if len(entries) > LIST_MOST:
            raise ValueError(f"{self.key} may have up to {LIST_MOST} entries")
        if any(len(entry) > ENTRY_LENGTH for entry in entries):
            raise ValueError(f"each entry of {self.key} may have up to {ENTRY_LENGTH} characters")
        return entries


def _check_prefix(text: str) -> None:
    if not re.fullmatch(r"[^\W_]{1,8}", text):
        raise ValueError("prefix may have up to 8 letters and digits")


def _check_currency(text: str) -> None:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("currency has to be three capital letters, such as KZT")


def _check_folder(text: str) -> None:
    if not Path(text).expanduser().is_absolute():
        raise ValueError("folder has to be a whole path, such as /media/stick")


# Texts that have to have a form; each function raises ValueError with a sentence.
_FORMS: dict[tuple[str, str], Callable[[str], object]] = {
    ("station", "prefix"): _check_prefix,
    ("sales", "currency"): _check_currency,
    ("sales", "cash_rounding"): parse_cash_steps,
    ("backup", "folder"): _check_folder,
}
SETTINGS: tuple[Described, ...] = (
    Described("station", "name", "Station name", "Appears in every entry of the history.", "counter-1"),
    Described("station", "prefix", "Prefix of order codes", "Empty: from the name, such as C1.", ""),
    Described(
        "station",
        "lock_minutes",
        "Lock by itself",
        "Minutes without a key or a touch; 0: never.",
        10,
        minimum=0,
        maximum=480,
    ),
    Described("database", "url", "Database", "Empty: posapp.db in the data directory.", ""),
    Described(
        "sync", "parallel_orders", "Orders sent side by side", "From 1 to 32.", 8, minimum=1, maximum=32
    ),
    Described("alarm", "sound", "Sound", "Repeats every 8 s until someone accepts.", default=True),
    Described("alarm", "volume", "Volume on this station", "In percent.", 70, minimum=0, maximum=100),
    Described("alarm", "flash", "Flash the window", "When the app is behind other windows.", default=True),
    Described("alarm", "late_sound", "Late sound", "Once per order.", default=True),
    Described("alarm", "error_sound", "Problem sound", "When an order needs a person.", default=True),
    Described("alarm", "bump_sound", "Kitchen sound", "When a ticket is bumped.", default=True),
    Described("alarm", "start_sound", "Start sound", "When a scheduled order starts.", default=True),
    Described("orders", "reasons", "Reasons to reject", "One per line.", REASONS),
    Described(
        "targets", "delivery_minutes", "Target time, delivery", "Accept to ready.", 15, minimum=1, maximum=240
    ),
    Described(
        "targets", "pickup_minutes", "Target time, pickup", "Accept to ready.", 10, minimum=1, maximum=240
    ),
    Described("kitchen", "size", "Size of the tickets", "", "bench", choices=("bench", "wall")),
    Described("kitchen", "section", "This screen shows", "Empty: the whole kitchen.", ""),
    Described("kitchen", "sections", "Sections of the kitchen", "One per line: Pizza: pizzas, sides", ()),
    Described(
        "kitchen", "delivery_minutes", "Start a delivery before", "In minutes.", 30, minimum=1, maximum=240
    ),
    Described(
        "kitchen", "pickup_minutes", "Start a pickup before", "In minutes.", 15, minimum=1, maximum=240
    ),
    Described("sales", "currency", "Currency", "Empty: that of the first shop.", ""),
    Described("sales", "cash_rounding", "Cash rounding", "Per currency, such as KZT=1, NPR=1.", ""),
    Described("sales", "tips", "Tips", "Ask for them when somebody pays.", default=False),
    Described(
        "sales",
        "shift_required",
        "Sell in a shift only",
        "Nothing is sold before one is opened.",
        default=False,
    ),
    Described(
        "sales",
        "discount_limit",
        "Discounts without a manager",
        "Percent of a sale. A bigger one asks for a manager's PIN.",
        100,
        minimum=0,
        maximum=100,
    ),
    Described(
        "sales",
        "difference_limit",
        "Cash difference without a manager",
        "A bigger one at the end of a shift asks for a manager's PIN; 0: none does.",
        0,
        minimum=0,
        maximum=1_000_000,
    ),
    Described(
        "sales", "hide_sold_out", "Hide what is sold out", "In the web shop, until it is back.", default=False
    ),
    Described(
        "printing", "auto_kitchen", "Kitchen ticket on accept", "And what an edit changes.", default=False
    ),
    Described("backup", "hours", "Make one every", "In hours; 0: never.", 24, minimum=0, maximum=720),
    Described("backup", "keep", "Keep", "The oldest go first.", 14, minimum=1, maximum=365),
    Described("backup", "folder", "Second folder", "On another drive; empty: none.", ""),
    Described(
        "privacy",
        "days",
        "Forget customers after",
        "In days, of finished orders; 0: never.",
        0,
        minimum=0,
        maximum=3650,
    ),
    Described("look", "theme", "Theme", "", "system", choices=("system", "light", "dark")),
    Described("look", "letter_keys", "Single-letter keys", "Such as S for schedule.", default=True),
    Described("look", "touch", "Bigger buttons for touch", "", "auto", choices=("auto", "on", "off")),
    Described("look", "contrast", "High contrast", "", "system", choices=("system", "on", "off")),
    Described("look", "text_scale", "Text size", "In percent.", 100, minimum=100, maximum=150),
)
