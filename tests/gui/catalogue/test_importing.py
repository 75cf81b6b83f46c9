"""A list of dishes is brought in from a file: shown row by row first, then all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from posapp.storage.catalogue import products
from posapp.ui.catalogue.importdialog import ImportDialog
from posapp.ui.widgets.banner import Banner
from tests.gui.catalogue.conftest import OpenMenu, Screen

TABLE = (
    "internal_id;title;price;category\n"
    "p-1;Маргарита;2700;Пицца\n"
    "p-9;Борщ;1200;Soups\n"
    "p-8;;dear;Soups\n"
    "p-2;Tom yum;2900;Soups\n"
)


def write(tmp_path: Path, text: str, name: str = "menu.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def shown(screen: Screen, path: Path) -> ImportDialog:
    """Drop a file on the menu and wait until its rows are shown."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.section.dropEvent(event)
    dialog = screen.running.dialog()
    assert isinstance(dialog, ImportDialog)
    banner = screen.running.find(Banner, "importBanner")
    screen.running.bot.waitUntil(lambda: dialog.preview is not None or banner.isVisible(), timeout=10_000)
    screen.rest()
    return dialog


def spoken(dialog: ImportDialog) -> list[str]:
    model = dialog.rows.rows_model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def test_each_row_says_what_it_would_do_and_good_ones_are_taken(menu: OpenMenu, tmp_path: Path) -> None:
    screen = menu(start_sync=False)
    dialog = shown(screen, write(tmp_path, TABLE))
    assert dialog.summary.text() == "1 new · 1 changed · 1 as they are · 1 wrong"
    assert spoken(dialog) == [
        "Row 4, Wrong, p-8, price: “dear” is not a number.",
        "Row 2, Changed, Маргарита, price: 2600.00 → 2700.00",
        "Row 3, New, Борщ",
        "Row 5, As it is, Tom yum",
    ]
    assert dialog.banner.text == "1 row has problems."
    assert dialog.action.label == "Import 2 dishes"
    assert screen.running.clipped() == []
    before = len(products(screen.store))
    dialog.reject()
    assert len(products(screen.store)) == before
    dialog = shown(screen, write(tmp_path, TABLE))
    screen.press("importButton", dialog)
    screen.running.bot.waitUntil(lambda: "Борщ" in screen.titles())
    assert screen.product("p-1").price == 2700
    assert "p-8" not in [item.internal_id for item in products(screen.store)]


def test_a_file_that_is_none_says_why(menu: OpenMenu, tmp_path: Path) -> None:
    screen = menu(start_sync=False)
    dialog = shown(screen, write(tmp_path, "name;cost\nTea;5\n"))
    assert dialog.banner.text == "The first line has to name the columns."
    assert not dialog.action.isVisible()
    dialog.read(tmp_path / "gone.csv")
    screen.running.bot.waitUntil(lambda: dialog.banner.text == "The file cannot be read.")
    dialog.read(
        write(tmp_path, '{"products": [{"internal_id": "p-30", "title": "Лагман", "price": 9}]}', "a.json")
    )
    screen.running.bot.waitUntil(dialog.action.isVisible)
    assert dialog.summary.text() == "1 new · 0 changed · 0 as they are · 0 wrong"


def test_the_example_can_be_written_and_brought_in(menu: OpenMenu, tmp_path: Path) -> None:
    screen = menu(empty=True, start_sync=False)
    screen.section.import_file(None)
    dialog = screen.running.dialog()
    assert isinstance(dialog, ImportDialog)
    path = tmp_path / "example.csv"
    dialog.write_example(path)
    screen.rest()
    assert path.read_bytes().startswith(b"\xef\xbb\xbfinternal_id;")
    dialog.read(path)
    screen.running.bot.waitUntil(dialog.action.isVisible)
    screen.press("importButton", dialog)
    screen.running.bot.waitUntil(lambda: len(screen.titles()) == 3)
    assert len(screen.product("p-1").modifiers) == 2


def big(tmp_path: Path) -> Path:
    rows = "".join(f"p-{n};Dish {n};{n % 90 + 1}00;Cat {n % 20}\n" for n in range(5000))
    return write(tmp_path, f"internal_id;title;price;category\n{rows}")


def test_five_thousand_rows_show_how_far_they_are(menu: OpenMenu, tmp_path: Path) -> None:
    screen = menu(empty=True, start_sync=False)
    dialog = shown(screen, big(tmp_path))
    told: list[tuple[int, int]] = []
    dialog.told.connect(lambda done, total: told.append((done, total)))
    screen.press("importButton", dialog)
    screen.running.bot.waitUntil(lambda: len(screen.titles()) == 5000, timeout=15_000)
    assert len(told) > 50
    assert told[-1] == (5000, 5000)


def test_an_import_that_is_stopped_saves_nothing(menu: OpenMenu, tmp_path: Path) -> None:
    screen = menu(empty=True, start_sync=False)
    dialog = shown(screen, big(tmp_path))
    dialog.told.connect(lambda _done, _total: dialog.reject())
    dialog.action.click()
    screen.running.bot.waitUntil(lambda: dialog.banner.text == "Stopped. Nothing was saved.", timeout=10_000)
    assert products(screen.store) == ()
    assert dialog.isVisible()
    dialog.reject()
    assert screen.running.no_dialog()
