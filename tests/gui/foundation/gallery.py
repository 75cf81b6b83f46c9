"""Renders the components and eight order rows in both themes, to be looked at and to be checked."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QListView, QVBoxLayout, QWidget

from posapp.storage.rows import OrderRow
from posapp.ui.delegates.order_row import ROW_ROLE, OrderRowDelegate
from posapp.ui.delegates.rowtext import row_accessible_text
from posapp.ui.fonts import BOLD
from posapp.ui.theme import ThemeName, apply_theme, current_theme, load_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.buttons import Button, ButtonLook, IconButton
from posapp.ui.widgets.card import Card, Divider, KeyValue, SectionTitle, SettingRow, Surface
from posapp.ui.widgets.chip import FACT, LARGE, Chip, ChipTone
from posapp.ui.widgets.controls import SliderRow, Stepper, Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.inputs import ComboBox, SearchField, TextInput
from posapp.ui.widgets.navrail import NavRail
from posapp.ui.widgets.skeleton import Skeleton
from posapp.ui.widgets.statustabs import StatusTabs, Tab
from posapp.ui.widgets.syncpill import PillState, SyncPill
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.timeline import StatusTimeline, StepState, TimelineStep
from posapp.ui.widgets.toast import Toast
from posapp.ui.widgets.topbar import TopBar

ZONE = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 22, 14, 42, tzinfo=UTC)
_STATUSES = ("created", "accepted", "cooking", "ondelivery", "timing", "edited", "delivered", "cancelled")


def make_row(code: str, status: str, name: str, address: str, total: str, **more: object) -> OrderRow:
    """Return an order row; what is not given is ordinary."""
    fields: dict[str, object] = {
        "pk": int(code) if code.isdigit() else 1,
        "id": code,
        "remote": "alma",
        "sync": "synced",
        "sync_reason": "",
        "source": "web",
        "brand": "Alma Pizza",
        "phone": "+77012341806",
        "kind": "delivery",
        "currency": "KZT",
        "payment_method": "card",
        "payment_status": "paid",
        "change_from": "",
        "comment": "",
        "created_at": NOW,
        "received_at": NOW,
        "age_from": NOW,
        "target_s": 900,
        "due_at": None,
        "planned_at": None,
        "closed_at": None,
        "unacknowledged": False,
        "version": 1,
    }
    fields.update(code=code, status=status, customer_name=name, address=address, total=total, **more)
    return OrderRow(**fields)  # type: ignore[arg-type]


def _ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def sample_rows() -> list[OrderRow]:
    """Return the eight orders of the mock-up."""
    cash: dict[str, object] = {"payment_method": "cash"}
    mobile: dict[str, object] = {"source": "mobile"}
    return [
        make_row(
            "4822",
            "created",
            "Данияр Ким",
            "ул. Жандосова 58а, под. 3",
            "12600.00",
            age_from=_ago(seconds=134),
            target_s=180,
            unacknowledged=True,
        ),
        make_row(
            "4823",
            "created",
            "Айгерим Сатпаева",
            "мкр. Самал-2, 77, кв. 14",
            "7460",
            age_from=_ago(seconds=48),
            target_s=120,
            change_from="10000",
            **cash,
            **mobile,
        ),
        make_row(
            "4821",
            "edited",
            "Ольга Петрова",
            "пр. Абая 109в, кв. 52",
            "6480",
            age_from=_ago(minutes=6),
            sync="conflict",
            sync_reason="Changed in two places.",
        ),
        make_row(
            "4819",
            "accepted",
            "Нұрлан Әбенов",
            "",
            "4190",
            age_from=_ago(minutes=4),
            kind="pickup",
            source="counter",
            payment_status="unpaid",
        ),
        make_row(
            "4818",
            "cooking",
            "Алия Жумабаева",
            "ул. Тимирязева 42, БЦ «Алатау»",
            "15870",
            age_from=_ago(minutes=11),
            **mobile,
        ),
        make_row(
            "4816",
            "cooking",
            "Тимур Исаев",
            "мкр. Орбита-3, 12, кв. 8",
            "7230",
            age_from=_ago(minutes=17),
            source="phone",
            change_from="7230",
            sync="pending",
            **cash,
        ),
        make_row(
            "4815",
            "ondelivery",
            "Мадина Оспанова",
            "ул. Навои 208/4, под. 2",
            "9350",
            age_from=_ago(minutes=24),
            target_s=0,
            change_from="20000",
            sync="pending",
            **cash,
            **mobile,
        ),
        make_row(
            "4812",
            "timing",
            "Ержан Сейткали",
            "пр. Достык 132, офис 401",
            "21400",
            age_from=None,
            target_s=0,
            due_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        ),
    ]


class Rows(QAbstractListModel):
    """A list of order rows as the delegate reads them."""

    def __init__(self, rows: list[OrderRow]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == ROW_ROLE:
            return self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_accessible_text(self.rows[index.row()], NOW, ZONE)
        return None


def make_list(rows: list[OrderRow] | None = None) -> QListView:
    """Return the list of the Orders screen with its delegate."""
    view = QListView()
    view.setModel(Rows(sample_rows() if rows is None else rows))
    view.model().setParent(view)
    view.setItemDelegate(OrderRowDelegate(lambda: NOW, ZONE, view))
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setUniformItemSizes(True)
    return view


def _titled(text: str, *rows: QWidget | QHBoxLayout) -> Card:
    card = Card(padding=14)
    card.column.addWidget(PlainLabel(text, px=12, weight=BOLD, tone="text3"))
    for row in rows:
        if isinstance(row, QWidget):
            card.column.addWidget(row)
        else:
            card.column.addLayout(row)
    return card


def _line(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def _chips() -> Card:
    tones = (ChipTone.NEUTRAL, ChipTone.OK, ChipTone.WARN, ChipTone.DANGER, ChipTone.ACCENT, ChipTone.LATE)
    flow_box = QWidget()
    flow = FlowLayout(flow_box, spacing=8)
    for key in _STATUSES:
        flow.addWidget(Chip.of_status(key))
    for key in ("synced", "pending", "failed", "conflict", "local"):
        flow.addWidget(Chip.of_sync(key))
    for tone in tones:
        flow.addWidget(Chip(f"4:10 {tone}", "timer-fill", tone))
    return _titled("STATUS AND SYNC CHIPS — icon + label, always", flow_box)


def _buttons() -> Card:
    primary = ButtonLook.PRIMARY
    off = Button("Accept", look=primary, icon="check-circle-fill")
    off.setEnabled(False)
    focused = Button("Accept", look=primary, icon="check-circle-fill")
    focused.setObjectName("focused")
    return _titled(
        "BUTTONS — default · keyboard focus · disabled",
        _line(Button("Accept", look=primary, icon="check-circle-fill", key="Enter"), focused, off),
        _line(
            Button("Schedule", icon="clock-countdown-fill", key="S"),
            Button("Add item", look=ButtonLook.TINT, icon="plus-bold"),
            Button("Filters", look=ButtonLook.QUIET, icon="funnel-fill"),
            Button("Discard…", look=ButtonLook.DANGER),
            Button("Cancel order", look=ButtonLook.DANGER_OUTLINE),
        ),
        _line(
            Button("Accept order", look=primary, icon="check-circle-fill", key="Enter", height=56),
            IconButton("printer-fill", "Print"),
            IconButton("pencil-simple-fill", "Edit"),
            IconButton("dots-three-bold", "More"),
        ),
    )


def _fields() -> Card:
    street = Field("Street", TextInput("ул. Жандосова 58а"))
    street.set_changed(changed=True)
    phone = Field("Phone", TextInput("+977 984 12 555"), required=True)
    phone.set_error("Too short — 10 digits")
    row = QHBoxLayout()
    row.setSpacing(10)
    for field in (Field("Phone", TextInput("+7 701 234 18 06")), street, phone):
        row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    combo = ComboBox()
    combo.addItems(["Customer asked", "No courier"])
    wrong = ComboBox(placeholder="Select district")
    wrong.addItems(["Thamel", "Patan"])
    wrong.setCurrentIndex(-1)
    district = Field("District", wrong)
    district.set_error("“district is not served”", from_server=True)
    second = QHBoxLayout()
    second.setSpacing(10)
    for field in (Field("Reason", combo), district, Field("Key", TextInput(placeholder="Paste the key"))):
        second.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    search = SearchField("Name, phone, code or address")
    typed = SearchField("Name, phone, code or address")
    typed.setText("1806")
    third = QHBoxLayout()
    third.addWidget(search)
    third.addWidget(typed)
    return _titled("FIELDS — rest · changed · error", row, second, third)


def _states() -> Card:
    banners: list[QWidget] = []
    for tone, icon, text, action in (
        (
            BannerTone.WARN,
            "cloud-slash-fill",
            "Offline since 19:31. Keep working — 12 changes are saved here.",
            "Try now",
        ),
        (BannerTone.DANGER, "cloud-warning-fill", "2 changes need you. The server refused them.", "Open"),
        (BannerTone.OK, "cloud-check-fill", "Back online. 12 changes sent.", "Hide"),
    ):
        banner = Banner(tone)
        banner.show_text(text, icon=icon)
        banner.set_action(action)
        banners.append(banner)
    pills = []
    for state, count, second in (
        (PillState.ONLINE, 0, "Synced 8 s ago"),
        (PillState.WAITING, 3, "Synced 8 s ago"),
        (PillState.NEED_YOU, 2, "Online · 3 waiting"),
    ):
        pill = SyncPill()
        pill.show_state(state, count, second)
        pills.append(pill)
    offline, none = SyncPill(), SyncPill()
    offline.show_state(PillState.OFFLINE, 12, "since 19:31")
    return _titled("BANNERS AND PILLS", *banners, _line(*pills[:2]), _line(pills[2], offline), _line(none))


def _toast_and_skeleton() -> Card:
    left = QWidget()
    left.setFixedHeight(110)
    toast = Toast(left, margin_left=0, margin_bottom=4)
    toast.show_message("#4819 accepted", action="Undo", key="Z")
    skeleton = Skeleton()
    skeleton.show_now()
    row = QHBoxLayout()
    row.addWidget(left, 1)
    row.addWidget(skeleton, 1)
    return _titled("TOAST AND LOADING", row)


def _empty() -> Card:
    empty = EmptyState("pizza-fill", "No active orders", "New orders appear here by themselves.")
    empty.add_action("New counter order", icon="plus-bold", key="N")
    return _titled("EMPTY", empty)


def _settings() -> Card:
    card = Card(spacing=0)
    card.column.addWidget(SectionTitle("New orders", "the sound repeats until someone accepts"))
    card.column.addWidget(SettingRow("Volume on this station", "Louder after 60 s", SliderRow("Volume", 70)))
    card.column.addWidget(Divider())
    stepper = Stepper("Target time, delivery", 15, 1, 120)
    card.column.addWidget(SettingRow("Target time, delivery", "Accept to ready, minutes.", stepper))
    card.column.addWidget(Divider())
    row = _line(Toggle("Late sound", on=True), Toggle("Animations"))
    card.column.addLayout(row)
    card.column.addWidget(KeyValue("Gives", "10 000 ₸"))
    card.column.addWidget(KeyValue("Change to bring", "2 540 ₸", strong=True))
    card.column.addWidget(KeyValue("Discount · 2 for 1", "− 2 490 ₸", tone="ok_text"))
    return card


def _timelines() -> Card:
    done, current, later = StepState.DONE, StepState.CURRENT, StepState.NEXT
    first, second = StatusTimeline(), StatusTimeline()
    first.show_steps(
        (
            TimelineStep("created", current, "19:41"),
            TimelineStep("accepted", later),
            TimelineStep("cooking", later),
            TimelineStep("ondelivery", later),
            TimelineStep("delivered", later, "≈ 20:20"),
        )
    )
    second.show_steps(
        (
            TimelineStep("created", done, "19:12"),
            TimelineStep("accepted", done, "19:14"),
            TimelineStep("cooking", current, "19:20"),
            TimelineStep("ondelivery", later),
            TimelineStep("cancelled", later),
        )
    )
    return _titled("TIMELINES", first, second)


class ConfirmSheet(Dialog):
    """The confirmation of the mock-up."""

    def __init__(self) -> None:
        super().__init__(
            "Cancel order #4823?",
            "The customer is told. You cannot undo this.",
            icon="prohibit-fill",
            tone="danger",
        )
        combo = ComboBox()
        combo.addItems(["Customer asked to cancel"])
        self.body.addWidget(Field("Reason", combo))
        self.add_safe("Keep order")
        self.add_action("Cancel order", look=ButtonLook.DANGER_OUTLINE)


def components_sheet() -> QWidget:
    """Return a page with every component."""
    page = Surface(colour="bg")
    page.setFixedSize(1366, 1060)
    grid = QGridLayout(page)
    grid.setContentsMargins(20, 20, 20, 20)
    grid.setSpacing(12)
    left, right = QVBoxLayout(), QVBoxLayout()
    for card in (_chips(), _buttons(), _fields(), _states()):
        left.addWidget(card)
    for card in (_timelines(), _settings(), _toast_and_skeleton(), _empty()):
        right.addWidget(card)
    left.addStretch(1)
    grid.addLayout(left, 0, 0)
    grid.addLayout(right, 0, 1)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return page


def _rail() -> NavRail:
    rail = NavRail()
    for key, text, icon in (
        ("orders", "Orders", "list-bullets"),
        ("new", "New", "plus-circle"),
        ("kitchen", "Kitchen", "fire"),
        ("delivery", "Delivery", "moped"),
        ("sync", "Sync", "arrows-clockwise"),
        ("reports", "Reports", "chart-bar"),
        ("settings", "Settings", "gear"),
    ):
        rail.add_screen(key, text, icon)
    rail.set_current("orders")
    rail.button("orders").set_badge(3)
    rail.button("sync").set_badge(2, alarming=True)
    return rail


def _tab_strip() -> Surface:
    tabs = StatusTabs(
        [
            Tab("active", "All active"),
            Tab("new", "New", "created"),
            Tab("accepted", "Accepted", "accepted"),
            Tab("cooking", "Cooking", "cooking"),
            Tab("ondelivery", "On delivery", "ondelivery"),
            Tab("timing", "Scheduled", "timing"),
            Tab("done", "Done", "delivered"),
        ]
    )
    tabs.set_counts(
        {"active": 16, "new": 3, "accepted": 2, "cooking": 5, "ondelivery": 4, "timing": 2, "done": 125}
    )
    strip = Surface(line="bottom")
    row = QHBoxLayout(strip)
    row.setContentsMargins(8, 0, 8, 0)
    row.addWidget(tabs, 1)
    row.addWidget(Button("Filters", look=ButtonLook.QUIET, icon="funnel-fill"))
    strip.setFixedHeight(48)
    return strip


def _listing() -> QWidget:
    tools = Surface(line="bottom")
    tools_row = QHBoxLayout(tools)
    tools_row.setContentsMargins(12, 8, 12, 8)
    tools_row.addWidget(SearchField("Name, phone, code or address"), 1)
    tools_row.addWidget(Button("Urgent first", look=ButtonLook.QUIET, icon="sort-ascending-bold"))
    alert = Banner(BannerTone.NEW, flat=True)
    alert.show_text("2 new orders — oldest waiting 2:14")
    alert.set_action("Silence 1 min", "M")
    view = make_list()
    view.setObjectName("focused")
    view.setCurrentIndex(view.model().index(1, 0))
    listing = QWidget()
    listing.setFixedWidth(576)
    column = QVBoxLayout(listing)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (tools, alert, view):
        column.addWidget(part)
    if current_theme().name == "dark":
        Toast(listing).show_message("#4819 accepted and sent to the kitchen", action="Undo", key="Z")
    return listing


def _detail() -> QVBoxLayout:
    detail = QVBoxLayout()
    detail.setContentsMargins(20, 10, 20, 10)
    head = _line(
        PlainLabel("#4823", px=24, weight=BOLD),
        Chip.of_status("created", size=LARGE),
        Chip("Mobile app", "device-mobile-fill", size=FACT),
        Chip("Alma Pizza", "storefront-fill", size=FACT),
    )
    for icon, name in (
        ("printer-fill", "Print"),
        ("pencil-simple-fill", "Edit"),
        ("dots-three-bold", "More"),
    ):
        head.addWidget(IconButton(icon, name))
    detail.addLayout(head)
    detail.addWidget(_timelines())
    detail.addStretch(1)
    detail.addLayout(
        _line(
            Button("Accept order", look=ButtonLook.PRIMARY, icon="check-circle-fill", key="Enter", height=56),
            Button("Schedule", icon="clock-countdown-fill", key="S", height=56),
            Button("Cancel…", look=ButtonLook.DANGER),
        )
    )
    return detail


def orders_sheet() -> QWidget:
    """Return the frame of the Orders screen: rail, top bar, tabs, alert and the eight rows."""
    page = Surface(colour="bg")
    page.setFixedSize(1366, 768)
    bar = TopBar("Orders", "Alma Pizza · Counter 1")
    bar.pill.show_state(PillState.WAITING, 3, "Synced 8 s ago")
    bar.show_clock("19:42")
    body = QHBoxLayout()
    body.setSpacing(0)
    body.addWidget(_listing())
    body.addLayout(_detail(), 1)
    right = QVBoxLayout()
    right.setSpacing(0)
    right.addWidget(bar)
    right.addWidget(_tab_strip())
    right.addLayout(body, 1)
    whole = QHBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addWidget(_rail())
    whole.addLayout(right, 1)
    return page


def render(folder: Path, themes: tuple[ThemeName, ...] = ("light", "dark")) -> list[Path]:
    """Write the sheets of both themes as PNG files into `folder`."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    files = []
    for name in themes:
        apply_theme(app, load_theme(name))
        for title, made in (
            ("components", components_sheet),
            ("orders", orders_sheet),
            ("confirm", ConfirmSheet),
        ):
            page = made()
            page.ensurePolished()
            page.show()
            focused = page.findChild(QWidget, "focused")
            if focused is not None:
                focused.setFocus(Qt.FocusReason.TabFocusReason)
            app.processEvents()
            file = folder / f"{title}-{name}.png"
            page.grab().save(str(file))
            files.append(file)
            page.close()
            page.deleteLater()
    return files


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    render(target)
