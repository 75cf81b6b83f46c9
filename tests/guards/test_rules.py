"""The rules find what they are meant to find, and leave the innocent alone."""

from __future__ import annotations

import ast

import pytest

from tests.guards import rules


def lines(findings: list[rules.Finding]) -> list[int]:
    return [finding.line for finding in findings]


@pytest.mark.parametrize(
    "source",
    [
        "import PySide6",
        "import PySide6.QtCore as core",
        "from PySide6 import QtWidgets",
        "from PySide6.QtCore import Qt",
        "def late():\n    from PySide6.QtGui import QFont",
        "if True:\n    import shiboken6, PySide6",
    ],
)
def test_an_import_is_found_wherever_it_hides(source: str) -> None:
    assert rules.imports_of(ast.parse(source), "PySide6")


def test_a_module_of_a_similar_name_is_another_module() -> None:
    assert not rules.imports_of(
        ast.parse("import PySide6x\nfrom posapp.syncing import x"), "PySide6", "posapp.sync"
    )


def test_importing_a_room_from_the_package_counts() -> None:
    assert rules.imports_of(ast.parse("from posapp import sync"), "posapp.sync")


@pytest.mark.parametrize(
    "call",
    [
        "order.save()",
        "Order.create(phone='1')",
        "Order.get_or_create(phone='1')",
        "database.execute_sql('delete from orders')",
        "connection.execute('delete from orders')",
        "order.delete_instance()",
        "Order.update(status='cooking').where(True)",
        "Order.insert(status='cooking')",
        "Order.delete().where(True)",
        "OutboxRow.insert_many([])",
    ],
)
def test_writing_the_database_is_found(call: str) -> None:
    assert lines(rules.database_writes(ast.parse(f"from posapp.storage.models import Order\n{call}"))) == [2]


@pytest.mark.parametrize(
    "call",
    [
        "self.update()",
        "self.viewport().update()",
        "painter.save()",
        "self._painter.save()",
        "widget.grab().save('orders.png')",
        "cache.update({})",
        "rows.insert(0, row)",
        "text.replace('a', 'b')",
        "orders.move(order_id, status)",
    ],
)
def test_what_only_sounds_like_writing_is_left_alone(call: str) -> None:
    assert not rules.database_writes(ast.parse(f"from posapp.storage.models import Order\n{call}"))


@pytest.mark.parametrize(
    "source",
    [
        "view.setHtml(text)",
        "cursor.insertHtml(text)",
        "label.setTextFormat(Qt.RichText)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "label.setTextFormat(Qt.TextFormat.AutoText)",
        "label.setTextFormat(wanted)",
        "document.setMarkdown(text)",
        "QMessageBox.warning(self, 'a', 'b')",
        "QtWidgets.QMessageBox(self)",
        "QTextEdit(self).setText(text)",
        "QInputDialog.getText(self, 'a', 'b')",
        "form.addRow('Phone', edit)",
        "form.addRow(self.tr('Phone'), edit)",
    ],
)
def test_rich_text_is_found(source: str) -> None:
    assert rules.rich_text(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "label.setTextFormat(Qt.TextFormat.PlainText)",
        "label.setText(text)",
        "edit = QPlainTextEdit(self)",
        "form.addRow(label, edit)",
        "form.addRow(edit)",
    ],
)
def test_plain_text_is_left_alone(source: str) -> None:
    assert not rules.rich_text(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["label = QLabel('a')", "label = QtWidgets.QLabel(self)", "class Title(QLabel):\n    pass"],
)
def test_a_bare_label_is_found(source: str) -> None:
    assert rules.bare_labels(ast.parse(source))


def test_a_label_of_the_house_is_left_alone() -> None:
    assert not rules.bare_labels(ast.parse("label = PlainLabel('a')\nfound = self.findChild(QLabel)"))


@pytest.mark.parametrize(
    ("source", "is_bare"),
    [
        ("button.setToolTip(name)", True),
        ("button.setToolTip(plain_tooltip(name))", False),
        ("if role == Qt.ItemDataRole.ToolTipRole:\n    answer = name", True),
        ("if role == Qt.ItemDataRole.ToolTipRole:\n    answer = plain_tooltip(name)", False),
    ],
)
def test_tool_tips_go_through_one_door(source: str, is_bare: bool) -> None:
    assert bool(rules.bare_tool_tips(ast.parse(source))) is is_bare


def test_a_decimal_of_a_float_is_found() -> None:
    assert lines(
        rules.inexact_decimals(ast.parse("a = Decimal('0.1')\nb = Decimal(0.1)\nc = Decimal(3)"))
    ) == [2]


def test_a_bare_call_is_found_and_a_method_of_the_name_is_not() -> None:
    assert lines(rules.calls_of(ast.parse("printer.print(x)\nprint(x)"), "print")) == [2]


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "monotonic()",
        "uuid.uuid4()",
        "uuid4()",
        "random.random()",
        "secrets.token_hex()",
    ],
)
def test_asking_the_machine_for_time_or_chance_is_found(call: str) -> None:
    assert rules.clock_reads(ast.parse(call))


@pytest.mark.parametrize("call", ["self.clock()", "clock.now()", "rng.random()", "new_id()", "moment.time()"])
def test_time_and_chance_that_were_handed_in_are_left_alone(call: str) -> None:
    assert not rules.clock_reads(ast.parse(call))
