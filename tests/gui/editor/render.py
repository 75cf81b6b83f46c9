"""Renders the order editor into pictures, to look at beside the mock-up: python -m … OUT."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea

from posapp.app import App
from posapp.ui.screens.editor import EditorPage
from posapp.ui.widgets.segmented import Segmented
from tests.gui.editor import scene
from tests.support.clipping import find_clipped


def wait(ms: int) -> None:
    """Let the window live for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


class Studio:
    """Takes the pictures of one theme."""

    def __init__(self, app: App, out: Path, theme: str) -> None:
        self.app, self.out, self.theme = app, out, theme

    def edit(self, pk: int) -> EditorPage:
        """Open the editor of an order."""
        self.app.wait_idle()
        self.app.context.edit_wanted.emit(pk)
        self.app.wait_idle()
        page = self.app.window.editor.page
        assert page is not None
        return page

    def take(self, name: str) -> None:
        """Save a picture and tell what is cut off or scrolls."""
        self.app.wait_idle()
        wait(150)
        self.app.window.grab().save(str(self.out / f"{name}-{self.theme}.png"))
        clipped = [(c.widget, c.text[:40], c.why) for c in find_clipped(self.app.window)]
        area = self.app.window.findChild(QScrollArea, "editorFields")
        bar = area.verticalScrollBar().maximum() if area is not None else 0
        sys.stdout.write(f"{name}: scrolls {bar}, {clipped or 'nothing clipped'}\n")

    def type(self, name: str, text: str) -> None:
        """Replace the text of a field."""
        window = self.app.window
        window.activateWindow()
        page = window.editor.page
        assert page is not None
        field = page.findChild(QLineEdit, f"editor_{name}")
        assert field is not None, name
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def close(self) -> None:
        """Leave the editor, whatever it holds."""
        self.app.window.editor._close(None)
        self.app.wait_idle()


def album(out: Path, theme: str) -> None:
    """Write the pictures of one theme."""
    clock = scene.ChosenClock()
    with tempfile.TemporaryDirectory() as folder:
        app = scene.start(Path(folder), clock, theme=theme)
        app.window.show()
        studio = Studio(app, out, theme)
        scene.products(app.store)
        of_an_internal_shop(studio)
        of_a_staff_shop(studio)
        of_the_counter(studio)
        long_words(studio)
        app.close()


def of_an_internal_shop(studio: Studio) -> None:
    store = studio.app.store
    pk = scene.internal(store)
    page = studio.edit(pk)
    studio.take("internal")
    studio.type("phone", "+977 984 12 555")
    studio.type("street", "x" * 300)
    studio.type("level", "y" * 99)
    studio.type("change", "1000")
    page.lines.items[1].stepper.setValue(3)
    page.lines.items[2].remove_button.click()
    page.submit()
    studio.take("internal-errors")
    studio.type("street", "Lazimpat")
    studio.type("level", "3")
    page.add_item()
    studio.take("add-item")
    dialog = page._dialog
    assert dialog is not None
    dialog.grab().save(str(studio.out / f"add-item-dialog-{studio.theme}.png"))
    dialog.reject()
    line_words(studio, page, "internal")
    when = page.findChild(Segmented, "editorWhen")
    assert when is not None
    when.segments[1].click()
    scene.meanwhile(store, pk, phone="9841000000", city="Patan", street="Durbar Marg")
    studio.take("internal-meanwhile")
    page.leave()
    wait(100)
    dialog = page._dialog
    assert dialog is not None
    dialog.grab().save(str(studio.out / f"guard-{studio.theme}.png"))
    dialog.reject()
    studio.close()


def line_words(studio: Studio, page: EditorPage, name: str) -> None:
    """Take the dialog of the first line."""
    page.ask_words(page.lines.items[0].key)
    studio.app.wait_idle()
    dialog = page._dialog
    assert dialog is not None
    wait(100)
    dialog.grab().save(str(studio.out / f"line-dialog-{name}-{studio.theme}.png"))
    dialog.reject()


def of_a_staff_shop(studio: Studio) -> None:
    store = studio.app.store
    pk = scene.staff(store)
    page = studio.edit(pk)
    studio.take("staff")
    line_words(studio, page, "staff")
    studio.type("district", "mak")
    studio.take("staff-district")
    studio.type("district", "Atlantis")
    studio.type("email", "sunita")
    studio.type("name", "")
    studio.type("shipping_cost", "-1")
    studio.type("c_email", "x@")
    page.submit()
    studio.take("staff-errors")
    studio.close()
    scene.meanwhile(store, pk, district="Dolpa", phone="9841000000")
    scene.refuse(store, pk, {"district": "district is not served by Mamma Pizza"})
    studio.edit(pk)
    studio.take("staff-refused")
    studio.close()
    scene.conflict(store, pk, "phone", "+977 985 7654321")
    studio.edit(pk)
    studio.take("staff-conflict")
    studio.close()


def of_the_counter(studio: Studio) -> None:
    page = studio.edit(scene.counter(studio.app.store, studio.app.context.config.sale_rules))
    page.lines.items[0].stepper.setValue(2)
    line_words(studio, page, "counter")
    studio.type("phone", "+977 9841")
    wait(300)
    studio.take("counter")
    studio.close()


def long_words(studio: Studio) -> None:
    pk = scene.internal(
        studio.app.store,
        remote_id="2999",
        code="2999",
        customer_name="Александра-Виктория Константинопольская-Рождественская " * 3,
        street="улица имени Всеволода Константиновича Длинноименского, строение 15 " * 2,
        comment="Позвоните, пожалуйста, за десять минут. " * 6,
        brand="A shop with a very long name indeed, at the corner",
        change_from="1000000",
    )
    studio.edit(pk)
    studio.take("long")
    studio.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or ["light", "dark"]:
        album(target, name)
