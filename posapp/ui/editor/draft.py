"""What a person has made of an order's fields so far, beside what they were: the editor's memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.rules import Checked, FieldRule, check_values, rules_of
from posapp.services.edit_form import EditForm
from posapp.storage.customers import ADDRESS_FIELDS
from posapp.ui.editor.values import shown_value, typed_value

translate = QCoreApplication.translate


class NoteKind(StrEnum):
    """What a note under a field is about."""

    ERROR = "error"  # nothing is saved before it is corrected
    SERVER = "server"  # the same, in the shop's own words
    CHOICE = "choice"  # somebody else saved another value meanwhile
    SHOP = "shop"  # the shop has another value than we sent
    WARNING = "warning"
    HINT = "hint"  # a value that fits the others better
    NEWS = "news"


BLOCKING = frozenset({NoteKind.ERROR, NoteKind.SERVER, NoteKind.CHOICE})


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence under a field."""

    kind: NoteKind
    text: str

    @property
    def blocks(self) -> bool:
        """Tell whether it keeps the order from being saved."""
        return self.kind in BLOCKING


class Draft:
    """The fields of one order while they are edited.

    What others save meanwhile comes in where nothing was typed; where something was, a person chooses.
    """

    def __init__(
        self, form: EditForm, names: Iterable[str], clock: Callable[[], datetime], zone: ZoneInfo
    ) -> None:
        self.form = form
        self.names = tuple(names)
        self._clock, self._zone = clock, zone
        self._rules = rules_of(form.format)
        self.base = {name: form.values[name] for name in self.names}
        self._texts = {name: self.shown(name, value) for name, value in self.base.items()}
        self.theirs: dict[str, str] = {}
        self._news: set[str] = set()
        self._judged: set[str] = set()
        self._refused: dict[str, tuple[str, str]] = {}  # by the service: the text, and what it said
        self._chosen: dict[str, str] = {}
        self._hints: dict[str, str] = {}
        self._checked: Checked | None = None

    def rule(self, name: str) -> FieldRule:
        """Return the rule of a field."""
        return self._rules[name]

    def shown(self, name: str, value: str) -> str:
        """Return a canonical value as its field shows it."""
        return shown_value(self._rules[name], value, self.form.currency, self._clock(), self._zone)

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self._texts[name]

    def put(self, name: str, text: str) -> None:
        """Note what a person typed."""
        self._texts[name] = text
        self._news.discard(name)
        self._refused.pop(name, None)
        self._checked = None

    def leave(self, name: str) -> None:
        """Judge a field from now on, because the person went on to another."""
        if self._texts[name] != self.shown(name, self.base[name]):
            self._judged.add(name)

    def judge_all(self) -> None:
        """Judge every field, because the person wants to save."""
        self._judged.update(self.names)

    def refuse(self, errors: dict[str, str]) -> None:
        """Note what saving said about fields."""
        for name, sentence in errors.items():
            if name in self._texts:
                self._refused[name] = (self._texts[name], sentence)

    # ----------------------------------------------------------------------------------------- what it is

    @property
    def checked(self) -> Checked:
        """Return what the rules say of all fields as they are now."""
        if self._checked is None:
            now = self._clock()
            typed = {
                name: (
                    self.base[name]
                    if text == self.shown(name, self.base[name])
                    else typed_value(self._rules[name], text, now, self._zone)
                )
                for name, text in self._texts.items()
            }
            before = {**self.form.values, **self.base}
            self._checked = check_values(self.form.format, typed, self._zone, before=before, whole=True)
        return self._checked

    def value(self, name: str) -> str:
        """Return a field's canonical value, what it was if what is typed is not valid."""
        return self.checked.values.get(name, self.base[name])

    def changed(self) -> tuple[str, ...]:
        """Return the names of the fields that are not as they were."""
        return tuple(name for name in self.names if self.is_changed(name))

    def is_changed(self, name: str) -> bool:
        """Tell whether a field is not as it was."""
        value = self.checked.values.get(name)
        if value is None:
            return self._texts[name] != self.shown(name, self.base[name])
        return value != self.base[name]

    def note(self, name: str) -> Note | None:
        """Return what is to be said under a field now, the most pressing of it."""
        if name in self.theirs:
            words = translate("editor", "Somebody else wrote “%1”")
            return Note(NoteKind.CHOICE, words.replace("%1", self._quoted(name, self.theirs[name])))
        error = self._error(name)
        if error:
            return Note(NoteKind.ERROR, error)
        if name in self.form.conflicts:
            theirs = self.form.conflicts[name].theirs or ""
            words = translate("editor", "At the shop: “%1”")
            return Note(NoteKind.SHOP, words.replace("%1", self._quoted(name, theirs)))
        refused = self.form.refused.get(name, "")
        if refused and self.value(name) == self.form.values[name]:
            return Note(NoteKind.SERVER, translate("editor", "Server: “%1”").replace("%1", refused))
        warning = self.checked.warnings.get(name, "")
        if warning:
            return Note(NoteKind.WARNING, warning)
        if name in self._hints and self._hints[name] != self.value(name):
            words = translate("editor", "Usual there: %1")
            return Note(NoteKind.HINT, words.replace("%1", self._quoted(name, self._hints[name])))
        if name in self._news:
            return Note(NoteKind.NEWS, translate("editor", "Changed just now by somebody else"))
        return None

    def _error(self, name: str) -> str:
        if name in self._refused and self._refused[name][0] == self._texts[name]:
            return self._refused[name][1]
        return self.checked.errors.get(name, "") if name in self._judged else ""

    def _quoted(self, name: str, value: str) -> str:
        rule = self._rules[name]
        if value in rule.choices and rule.choice_labels:
            return rule.choice_labels[rule.choices.index(value)]
        return self.shown(name, value) if value else translate("editor", "nothing")

    def chosen(self, name: str) -> str:
        """Return what was chosen of a conflict with the shop, "" as long as nothing was."""
        return self._chosen.get(name, "")

    # ------------------------------------------------------------------------------------- what others do

    def refresh(self, form: EditForm) -> tuple[str, ...]:
        """Take in what the order has become; return the fields whose text is another now."""
        fresh: list[str] = []
        for name in self.names:
            new = form.values[name]
            if new == self.base[name]:
                self.theirs.pop(name, None)
            elif not self.is_changed(name):
                fresh.append(name)
            elif self.value(name) == new:
                self.base[name] = new  # both wrote the same
                self.theirs.pop(name, None)
            else:
                self.theirs[name] = new
        self.form = form
        for name in fresh:
            self._take(name, form.values[name])
        self._news.update(fresh)
        self._chosen = {name: choice for name, choice in self._chosen.items() if name in form.conflicts}
        self._checked = None
        return tuple(fresh)

    def choose(self, name: str, choice: str) -> None:
        """Settle what to do about a value that somebody else wrote: "mine" stays, "theirs" comes in."""
        if name in self._hints:
            self.put(name, self.shown(name, self._hints.pop(name)))
        elif name in self.theirs:
            theirs = self.theirs.pop(name)
            if choice == "theirs":
                self._take(name, theirs)
            else:
                self.base[name] = theirs
        elif name in self.form.conflicts:
            self._chosen[name] = choice
        self._checked = None

    def hint(self, name: str, value: str) -> None:
        """Suggest a value for a field, "" for none."""
        self._hints.pop(name, None)
        if value:
            self._hints[name] = value

    def settled(self) -> dict[str, str]:
        """Return the choices about all conflicts with the shop; nothing as long as one is open."""
        return dict(self._chosen) if self._chosen.keys() == self.form.conflicts.keys() else {}

    def take_caller(self, phone: str, name: str, address: Mapping[str, str]) -> tuple[str, ...]:
        """Fill in an earlier customer: number, address if any, and a name where none stands.

        Returns the names of the fields that show another text now.
        """
        filled = {"phone": phone}
        if not self._texts["name"].strip():
            filled["name"] = name
        if address:
            filled |= {field: address.get(field, "") for field in self.names if field in ADDRESS_FIELDS}
        for field, text in filled.items():
            self.put(field, text)
        return tuple(filled)

    def revert(self) -> None:
        """Make every field what it was."""
        for name, theirs in self.theirs.items():
            self.base[name] = theirs
        self.theirs.clear()
        for name in self.names:
            self._take(name, self.base[name])
        self._judged.clear()
        self._refused.clear()

    def _take(self, name: str, value: str) -> None:
        self.base[name] = value
        self._texts[name] = self.shown(name, value)
        self._judged.discard(name)
        self._checked = None
