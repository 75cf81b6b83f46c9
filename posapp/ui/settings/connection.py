"""Settings: the connected shops."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import Config, RemoteConfig
from posapp.domain.errors import PosError
from posapp.domain.status import Status
from posapp.storage.details import queue_rows, remote_rows
from posapp.storage.feed import Change, Topic
from posapp.storage.rows import RemoteRow
from posapp.storage.shopinfo import FetchedInfo, fetched_info
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.key_dialog import KeyDialog, RemoveDialog
from posapp.ui.settings.section import Section
from posapp.ui.settings.shopinfo import ShopInfoFetch
from posapp.ui.settings.statuses import StatusNumbers
from posapp.ui.shop_form import TestLine
from posapp.ui.sync_words import ShopState, shop_sentence, shop_states, shop_word, synced_text
from posapp.ui.widgets.buttons import danger_button, primary_button, secondary_button
from posapp.ui.widgets.card import Card, Divider, Icon
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel

_DOTS = "••••••••••••"


class ShopCard(Card):
    """One connected shop: how it stands, and what can be done with it.

    `statuses_wanted(name, numbers)` asks to save the status numbers of a staff shop.
    """

    statuses_wanted = Signal(str, object)

    def __init__(self, ctx: Context, remote: RemoteConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=8)
        self.setObjectName(f"shop_{remote.name}")
        self._ctx, self.remote = ctx, remote
        self._aside = Aside(self)
        self.test_line = TestLine()
        self._icon = Icon("cloud-fill", tone="text3")
        self._word = PlainLabel("", px=13, weight=fonts.SEMIBOLD, tone="text2")
        self._last = PlainLabel("", px=13, tone="text2")
        self._sentence = PlainLabel("", px=13, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self._sentence.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(remote.name, px=15, weight=fonts.BOLD, elide=True), 1)
        head.addWidget(self._icon)
        head.addWidget(self._word)
        head.addWidget(self._last)
        self.column.addLayout(head)
        self.column.addWidget(self._sentence)
        self._facts()
        self.column.addWidget(Divider())
        self.column.addWidget(self.test_line)
        self.statuses = StatusNumbers(remote) if remote.by_password else None
        self.info = ShopInfoFetch(ctx, remote) if remote.by_password else None
        self.column.addLayout(self._buttons())
        if self.statuses is not None:
            self.statuses.hide()
            self.statuses.changed.connect(lambda numbers: self.statuses_wanted.emit(remote.name, numbers))
            self.column.addWidget(self.statuses)
        if self.info is not None:
            self.column.addWidget(Divider())
            self.column.addWidget(self.info)

    def show_statuses(self) -> None:
        """Show or hide the status numbers of a staff shop."""
        if self.statuses is not None:
            self.statuses.setVisible(self.statuses.isHidden())

    def show_state(self, state: ShopState) -> None:
        """Show how the shop stands."""
        icon, tone = {
            "": ("cloud-check-fill", "ok"),
            "connecting": ("cloud-fill", "text3"),
            "sign_in": ("warning-circle-fill", "danger"),
        }.get(state.trouble, ("cloud-slash-fill", "warn"))
        self._icon.show_icon(icon, tone)
        self._word.setText(shop_word(state))
        self._word.set_tone("text2" if tone == "text3" else f"{tone}_text")
        now = self._ctx.clock()
        self._last.setText(synced_text(state.last, now, self._ctx.zone) if state.last else "")
        sentence = shop_sentence(state)
        self._sentence.set_tone("danger_text" if state.trouble == "sign_in" else "warn_text")
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def _facts(self) -> None:
        remote = self.remote
        formats = {"internal": self.tr("Internal API"), "staff": self.tr("Staff API")}
        ways = {"patch": self.tr("Only what changed (PATCH)"), "put": self.tr("The whole order (PUT)")}
        facts = [
            (self.tr("Address"), remote.base_url),
            (self.tr("Format"), formats.get(remote.format, remote.format)),
            (self.tr("Money and time"), f"{remote.currency} · {remote.timezone}"),
            (self.tr("Password") if remote.by_password else self.tr("Key"), _DOTS),
        ]
        if remote.by_password:
            facts.insert(3, (self.tr("Changes are sent"), ways[remote.update]))
        for name, value in facts:
            line = QHBoxLayout()
            line.setSpacing(12)
            label = PlainLabel(name, px=13, tone="text2")
            label.setMinimumWidth(130)
            shown = PlainLabel(value, px=13, weight=fonts.MEDIUM, elide=True)
            if value == _DOTS:
                shown.setAccessibleName(self.tr("Stored, not shown"))
            line.addWidget(label)
            line.addWidget(shown, 1)
            self.column.addLayout(line)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        test = secondary_button(self.tr("Test connection"), icon="plugs-connected")
        test.setObjectName("testButton")
        test.clicked.connect(self.test)
        row.addWidget(test)
        if not self._ctx.training:
            text = self.tr("New password…") if self.remote.by_password else self.tr("Replace the key…")
            key = secondary_button(text)
            key.setObjectName("replaceKeyButton")
            key.clicked.connect(self.replace_key)
            row.addWidget(key)
        if self.statuses is not None:
            numbers = secondary_button(self.tr("Status numbers"))
            numbers.setObjectName("statusNumbersButton")
            numbers.clicked.connect(self.show_statuses)
            row.addWidget(numbers)
        row.addStretch(1)
        if not self._ctx.training:
            remove = danger_button(self.tr("Disconnect…"))
            remove.setObjectName("removeButton")
            remove.clicked.connect(self.ask_to_remove)
            row.addWidget(remove)
        return row

    def test(self) -> None:
        """Try the connection with the stored key and say what came out, here."""
        if self._aside.busy:
            return
        self.test_line.show_busy()
        doors, remote = self._ctx.doors, self.remote
        self._aside.run(lambda: doors.test_remote(remote, ""), self.test_line.show_result)

    def replace_key(self) -> None:
        """Ask for a new key."""
        self._open(KeyDialog(self._ctx, self.remote, self))

    def ask_to_remove(self) -> None:
        """Ask whether to disconnect, with what has not been sent."""
        store, name = self._ctx.store, self.remote.name

        def work() -> int:
            return sum(row.remote == name for row in queue_rows(store))

        def done(unsent: int) -> None:
            self._open(RemoveDialog(self._ctx, self.remote, unsent, self))

        self._ctx.tasks.run(work, done, owner=self)

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class ConnectionSection(Section):
    """The list of shops, and the way to another one."""

    connect_wanted = Signal()

    key = "connection"
    icon = "plugs-connected"

    @property
    def title(self) -> str:
        return self.tr("Connection")

    def build(self) -> None:
        self._started = self.ctx.clock()
        self._known: tuple[RemoteRow, ...] = ()
        self._shops: tuple[RemoteConfig, ...] | None = None
        self._cards: dict[str, ShopCard] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.column.addLayout(self._list)
        self.add_button = primary_button(self.tr("Connect a shop"), icon="plus-bold", height=40)
        self.add_button.setObjectName("addShopButton")
        self.add_button.clicked.connect(self.connect_wanted)
        self.column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_button.setVisible(not self.ctx.training)
        self._words += [self.tr("Address"), self.tr("Key"), self.tr("Shop"), self.tr("Test connection")]
        self._words += [self.tr("Password"), self.tr("Status numbers"), self.tr("Prices and products")]
        self.ctx.feed.changed.connect(self._heard)

    def summary(self) -> str:
        states = self._states()
        if not states:
            return self.tr("No shop connected")
        troubled = [state for state in states if state.trouble not in {"", "connecting"}]
        return shop_word(troubled[0] if troubled else states[0])

    def put_config(self, config: Config) -> None:
        # The numbers of a shop are changed in its card, which has to outlive that.
        shops = tuple(replace(remote, statuses=()) for remote in config.remotes)
        if shops != self._shops:
            self._shops = shops
            self._fill(config)
        for remote in config.remotes:
            numbers = self._cards[remote.name].statuses
            if numbers is not None:
                numbers.put(remote)
        self._refresh()

    def _keep_statuses(self, name: str, numbers: dict[Status, tuple[int, ...]]) -> None:
        doors, card = self.ctx.doors, self._cards[name]
        before = self.ctx.config.remote(name).status_numbers
        if card.statuses is None:
            return
        card.statuses.saved()

        def refused(error: PosError) -> None:
            if card.statuses is not None:
                card.statuses.refuse(error)

        self.act_wanted.emit(
            lambda: doors.save_statuses(name, numbers), lambda: doors.save_statuses(name, before), refused
        )

    def shown(self) -> None:
        self._refresh()

    def tick(self) -> None:
        """Show the present ages."""
        for state in self._states():
            if state.name in self._cards:
                self._cards[state.name].show_state(state)

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.tick()

    def _fill(self, config: Config) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = {remote.name: ShopCard(self.ctx, remote) for remote in config.remotes}
        for card in self._cards.values():
            card.statuses_wanted.connect(self._keep_statuses)
            self._list.addWidget(card)
        if not config.remotes:
            words = self.tr("Orders come from your shop's server. You need its address and a key.")
            empty = Card()
            empty.column.addWidget(EmptyState("storefront", self.tr("No shop is connected"), words))
            self._list.addWidget(empty)

    def _states(self) -> tuple[ShopState, ...]:
        return shop_states(self.ctx.config.remotes, self._known, self.ctx.clock(), self._started)

    def _heard(self, change: Change) -> None:
        if change.topics & {Topic.REMOTES, Topic.CATALOGUE}:
            self._refresh()

    def _refresh(self) -> None:
        store = self.ctx.store
        self.ctx.tasks.run(lambda: (remote_rows(store), fetched_info(store)), self._read, owner=self)

    def _read(self, found: tuple[tuple[RemoteRow, ...], dict[str, FetchedInfo]]) -> None:
        self._known, fetched = found
        for name, card in self._cards.items():
            if card.info is not None:
                card.info.show_known(fetched.get(name), self.ctx.zone)
        self.tick()
        self.summary_changed.emit()
