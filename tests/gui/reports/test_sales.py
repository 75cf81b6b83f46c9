"""The sales side: figures, charts, days, filters, several currencies, the table and the paper."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.domain.tickets import JobState
from posapp.storage import reports as storage_reports
from posapp.storage.printing import job_rows
from posapp.ui.dialogs.document import DocumentDialog
from posapp.ui.reports.chart import Chart
from posapp.ui.reports.head import FilterChip
from posapp.ui.reports.rangedialog import RangeDialog, typed_day
from posapp.ui.widgets.banner import Banner
from tests.gui.reports.conftest import Desk, Make, sell_by_remote
from tests.support.escpos_reader import read_ticket
from tests.support.glyphs import missing

ALMATY = ZoneInfo("Asia/Almaty")
PEPPERONI, MARGARITA, MEAT, CHEESE, WINGS, JUICE = (
    "Пепперони 25 см", "Маргарита 30 см", "Мясная 30 см",
    "Четыре сыра 36 см с двойной моцареллой и очень длинным названием", "Крылья BBQ 12 шт", "Морс",
)  # fmt: skip
CTRL = Qt.KeyboardModifier.ControlModifier


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ALMATY)


TODAY = [
    (at(12, 5), PEPPERONI, 4, Status.DELIVERED),
    (at(13, 10), CHEESE, 2, Status.DELIVERED),
    (at(13, 40), MEAT, 1, Status.CANCELLED),
    (at(18, 0), MARGARITA, 2, Status.DELIVERED),
    (at(19, 35), WINGS, 1, Status.COOKING),
    (at(19, 41), JUICE, 1, Status.CREATED),
]
LAST_SUNDAY = [
    (at(12, 0, 15), PEPPERONI, 4, Status.DELIVERED),
    (at(19, 30, 15), PEPPERONI, 2, Status.DELIVERED),
    (at(21, 0, 15), PEPPERONI, 3, Status.DELIVERED),  # later than it is today
]


def filled(desk: Desk) -> Desk:
    sell_by_remote(desk.store, desk.clock, LAST_SUNDAY)
    sell_by_remote(desk.store, desk.clock, TODAY)
    desk.page.refresh()
    desk.rest()
    return desk


def told(desk: Desk) -> dict[str, str]:
    return {
        name: card.face.spoken.replace("\u202f", " ").replace("\u00a0", " ")
        for name, card in desk.page.board.figures.items()
    }


def values(chart: Chart) -> list[str]:
    return [text.replace("\u202f", " ").replace("\u00a0", " ") for text in chart.values]


def test_today_in_five_figures_against_last_sunday(desk: Desk) -> None:
    filled(desk)
    # 9960 + 9580 + 6580 + 3590 + 700, without the cancelled one; last Sunday until 19:42: 14940
    assert told(desk) == {
        "sales": "Sales: 30 410 ₸, up 104 %, vs last Sun",
        "orders": "Orders: 5, up 150 %, vs last Sun",
        "average": "Average order: 6 082 ₸, down 19 %, vs last Sun",
        "prep": "Prep time, median: 11:00, up 1:00, target 15:00",
        "late": "Late orders: 2, up 1, 40 % of orders",
    }
    titles = [label.text() for label in desk.app.window.top.findChildren(QLabel)]
    assert "Sunday 22 November · until 19:42" in titles


def test_the_charts_tell_their_values_to_eyes_fingers_and_keys(desk: Desk) -> None:
    filled(desk)
    board = desk.page.board
    assert "12:00–13:00: 9 960 ₸\nLast Sunday: 9 960 ₸" in values(board.sales)
    assert "21:00–22:00: 0 ₸\nLast Sunday: 7 470 ₸" in values(board.sales)  # the line goes on
    assert len(values(board.sales)) == 13  # 10 to 22 o'clock
    assert values(board.statuses) == [
        "Delivered: 3", "On delivery: 0", "Cooking: 1", "Accepted: 0", "New: 1", "Scheduled: 0", "Edited: 0",
        "Cancelled: 1",
    ]  # fmt: skip
    assert values(board.preps) == [
        "11–13: 1 order\nmedian 10:00, 75 % within 10:00, 90 % within 10:00",
        "13–15: 1 order\nmedian 11:00, 75 % within 11:00, 90 % within 11:00",
        "17–19: 1 order\nmedian 13:00, 75 % within 13:00, 90 % within 13:00",
    ]
    assert values(board.items)[0] == f"1. {PEPPERONI}\n4 × · 9 960 ₸"
    assert board.items.accessibleDescription().count("\n") >= 9
    assert MEAT not in board.items.accessibleDescription()  # it was cancelled

    chart = board.sales
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.shown.startswith("10:00–11:00")
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.shown.startswith("22:00–23:00")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.shown.startswith("21:00–22:00")
    QTest.mouseClick(board.statuses, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    assert board.statuses.shown == "Delivered: 3"


def test_other_days_by_keys_and_clicks(desk: Desk) -> None:
    filled(desk)
    page = desk.page
    today, yesterday, week, month, _ = page.head.span.segments
    QTest.mouseClick(week, Qt.MouseButton.LeftButton)
    desk.rest()
    assert told(desk)["sales"] == "Sales: 30 410 ₸, up 104 %, vs the week before"
    assert len(values(page.board.sales)) == 7
    assert page.board.sales.title == "Sales by day"
    QTest.mouseClick(month, Qt.MouseButton.LeftButton)
    desk.rest()
    assert told(desk)["orders"] == "Orders: 8, nothing before"
    assert len(values(page.board.sales)) == 30
    yesterday.setFocus()
    QTest.keyClick(yesterday, Qt.Key.Key_Return)
    desk.rest()
    assert told(desk)["orders"] == "Orders: 0, nothing before"
    assert page.board.sales.accessibleDescription() == "No sales."
    assert desk.clipped() == []
    QTest.mouseClick(today, Qt.MouseButton.LeftButton)
    desk.rest()
    assert told(desk)["orders"].startswith("Orders: 5")


def test_a_range_of_days_is_typed_and_checked(desk: Desk) -> None:
    filled(desk)
    head = desk.page.head
    QTest.mouseClick(head.span.segments[-1], Qt.MouseButton.LeftButton)
    dialog = desk.dialog(RangeDialog)
    assert head.span.value() == "today"
    desk.enter("rangeFirst", "16.11")
    desk.enter("rangeLast", "25.11.2026")
    desk.press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert desk.clipped() == []
    desk.enter("rangeFirst", "15.11")
    desk.enter("rangeLast", "15.11.26")
    desk.press(Qt.Key.Key_Return)
    desk.rest()

    assert head.span.value() == "range"
    assert told(desk)["sales"] == "Sales: 22 410 ₸, nothing before"
    QTest.mouseClick(head.span.segments[-1], Qt.MouseButton.LeftButton)  # another range
    assert desk.dialog(RangeDialog).first.text() == "15.11.2026"


def test_the_usual_ranges_need_no_typing(desk: Desk) -> None:
    filled(desk)
    QTest.mouseClick(desk.page.head.span.segments[-1], Qt.MouseButton.LeftButton)
    for name, first, last in (
        ("lastWeek", "09.11.2026", "15.11.2026"),
        ("lastMonth", "01.10.2026", "31.10.2026"),
        ("thisMonth", "01.11.2026", "22.11.2026"),
    ):
        desk.click(name)
        dialog = desk.dialog(RangeDialog)
        assert (dialog.first.text(), dialog.last.text()) == (first, last)
    assert desk.clipped() == []
    desk.click("rangeShow")
    assert told(desk)["orders"] == "Orders: 8, nothing before"


def test_the_bar_above_tells_of_this_screen_only_while_it_is_in_front(desk: Desk) -> None:
    desk.app.show_screen("settings")
    desk.rest()
    desk.app.context.save_setting("targets", "delivery_minutes", 20)
    desk.rest()
    titles = [label.text() for label in desk.app.window.top.findChildren(QLabel)]
    assert "Settings" in titles
    desk.app.show_screen("reports")
    desk.rest()
    assert desk.page.board.figures["prep"].face.remark == "target 20:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("16.11.2026", date(2026, 11, 16)),
        ("1.2.26", date(2026, 2, 1)),
        ("16/11", date(2026, 11, 16)),
        ("2026-11-16", date(2026, 11, 16)),
        ("31.02.2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_as_people_type_them(text: str, day: date | None) -> None:
    assert typed_day(text, date(2026, 11, 22)) == day


def test_brand_source_and_shop_narrow_all_of_it(desk: Desk) -> None:
    filled(desk)
    sell_by_remote(desk.store, desk.clock, [(at(15), JUICE, 10, Status.DELIVERED)], shop="two", brand="Sushi")
    desk.page.refresh()
    desk.rest()
    head = desk.page.head
    assert [words for _, words in head.remote.choices] == ["alma", "two"]
    assert head.remote.isVisible()
    head.brand.choose("Sushi")
    desk.rest()
    assert told(desk)["sales"] == "Sales: 7 000 ₸, nothing before"
    assert values(desk.page.board.items) == ["1. Морс\n10 × · 7 000 ₸"]
    assert [words for _, words in head.brand.choices] == ["Dodo", "Sushi"]
    assert head.brand.accessibleName() == "Brand: Sushi"
    head.brand.choose("")
    head.remote.choose("alma")
    desk.rest()
    assert told(desk)["orders"].startswith("Orders: 5,")
    assert desk.clipped() == []


def test_two_currencies_are_never_added_up(desk: Desk) -> None:
    filled(desk)
    assert not desk.find(FilterChip, "reportCurrency").isVisible()
    sell_by_remote(
        desk.store, desk.clock, [(at(15), JUICE, 3, Status.DELIVERED)], shop="thamel", currency="NPR"
    )
    desk.page.refresh()
    desk.rest()
    note = desk.find(QLabel, "reportNote")
    assert told(desk)["sales"].startswith("Sales: 30 410 ₸")
    assert note.text().startswith("Only KZT. Not counted here: 1 order in NPR.")
    chip = desk.find(FilterChip, "reportCurrency")
    assert chip.isVisible()
    chip.choose("NPR")
    desk.rest()
    assert told(desk)["sales"] == "Sales: Rs 2,100, nothing before"
    assert note.text().startswith("Only NPR. Not counted here: 6 orders in KZT.")
    assert desk.clipped() == []


def test_a_new_order_comes_in_by_itself(desk: Desk) -> None:
    filled(desk)
    sell_by_remote(desk.store, desk.clock, [(at(19, 30), JUICE, 2, Status.DELIVERED)])
    desk.until(lambda: desk.page.board.figures["orders"].face.value == "6")


def test_only_the_newest_wish_is_answered(desk: Desk) -> None:
    filled(desk)
    asked: list[int] = []
    desk.page._reader.arrived.connect(lambda counts: asked.append(counts.wanted.span.days))
    _, _, week, month, _ = desk.page.head.span.segments
    QTest.mouseClick(month, Qt.MouseButton.LeftButton)
    QTest.mouseClick(week, Qt.MouseButton.LeftButton)
    desk.rest()
    assert asked == [7]


def test_the_table_opens_in_a_spreadsheet(desk: Desk, tmp_path: Path) -> None:
    filled(desk)
    file = tmp_path / "Отчёт.csv"
    desk.page.export(str(file))
    desk.rest()
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["name"]: row["amount"] for row in rows if row["part"] == "items"}[PEPPERONI] == "9960.00"
    assert desk.messages == ["Saved as Отчёт.csv"]

    desk.page.export(str(tmp_path / "nowhere" / "x.csv"))
    desk.rest()
    assert "Close it where it is open, or choose another folder." in desk.problems[0]


def test_ctrl_p_and_enter_print_the_report(desk: Desk) -> None:
    filled(desk)
    desk.page.setFocus()
    desk.press(Qt.Key.Key_P, CTRL)
    dialog = desk.dialog(DocumentDialog)
    assert dialog.windowTitle() == "Sales 22.11.2026"
    assert desk.clipped() == []
    QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)
    desk.until(lambda: [job.state for job in job_rows(desk.store)] == [JobState.DONE])
    paper = read_ticket(desk.paper.read_bytes())
    wanted = f"22.11.2026 SALES 30 410 Orders 5 14 940 11:00 12:00 9 960 4 x {PEPPERONI} 3 590"
    assert missing(paper, wanted) == []


def test_the_report_is_saved_as_pdf(desk: Desk, tmp_path: Path) -> None:
    filled(desk)
    desk.click("reportPrint")
    dialog = desk.dialog(DocumentDialog)
    dialog.write_pdf(str(tmp_path / "sales.pdf"))
    desk.rest()
    assert (tmp_path / "sales.pdf").read_bytes().startswith(b"%PDF-")
    assert dialog.remark.text().startswith("Saved as")
    desk.press(Qt.Key.Key_Escape)
    assert desk.dialogs() == []
    assert job_rows(desk.store) == ()


def test_without_a_printer_it_says_what_can_be_done(make: Make) -> None:
    desk = filled(make(printer=False))
    desk.click("reportPrint")
    dialog = desk.dialog(DocumentDialog)
    assert "It can be saved as PDF." in dialog.remark.text()
    assert not dialog.print_button.isEnabled()
    assert dialog.pdf_button.hasFocus()
    assert desk.clipped() == []


def test_a_report_that_cannot_be_counted_says_so_and_tries_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(desk)

    def broken(*_: object) -> None:
        raise StorageError("The disk cannot be read or written.")

    with monkeypatch.context() as patch:
        patch.setattr(storage_reports, "_facts", broken)
        desk.page.refresh()
        desk.rest()
        trouble = desk.find(Banner, "reportTrouble")
        assert trouble.isVisible()
        assert "Nothing is lost" in trouble.accessibleName()
        assert desk.clipped() == []
    QTest.mouseClick(trouble.button, Qt.MouseButton.LeftButton)
    desk.rest()
    assert not trouble.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off(make: Make, theme: str) -> None:
    desk = make(theme=theme)
    assert desk.clipped() == []  # an empty day
    first = [(at(12), JUICE, 1, Status.DELIVERED)]
    sell_by_remote(desk.store, desk.clock, first)
    desk.page.refresh()
    assert desk.clipped() == []
    [(_, title, _, _)] = first
    huge = [(at(13), title, 1_000_000, Status.DELIVERED)]
    sell_by_remote(desk.store, desk.clock, huge)
    sell_by_remote(desk.store, desk.clock, [(at(14), CHEESE, 1, Status.DELIVERED)])
    desk.page.refresh()
    assert desk.clipped() == []
    assert told(desk)["sales"].startswith("Sales: 700 005 490 ₸")
    for segment in desk.page.head.span.segments[:4]:
        QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
        assert desk.clipped() == []


def test_large_text_scrolls_and_is_not_cut_off(make: Make) -> None:
    desk = filled(make(scale=150))
    assert desk.clipped() == []
    assert desk.page.board.verticalScrollBar().maximum() > 0
