"""Renders the Orders screen into pictures, to look at beside the mock-ups: python -m … OUT."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posapp.config import Config
from posapp.domain.status import RowState, Status
from posapp.services import remotes
from posapp.storage.queries import alarm
from posapp.storage.rows import Alarm
from posapp.ui.context import Context
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.theme import ThemeName, apply_theme, load_theme
from tests.gui.orders.scene import SHOP, FewDoors, Morning, ask_a_person, morning, open_empty, unreadable
from tests.support.clipping import find_clipped

SIZE = QSize(1366 - 84, 768 - 56)


def wait(ms: int) -> None:
    """Let the window live for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def picture(page: QWidget, out: Path, name: str) -> None:
    """Save what the page shows, and tell what is cut off."""
    wait(250)
    page.grab().save(str(out / f"{name}.png"))
    clipped = find_clipped(page)
    sys.stdout.write(f"{name}: {[(c.widget, c.text[:40], c.why) for c in clipped] or 'nothing clipped'}\n")


def show_morning(out: Path, name: ThemeName, app: QApplication) -> None:
    """Write the pictures of one theme."""
    holder = apply_theme(app, load_theme(name))
    config = Config(remotes=(SHOP,))
    with tempfile.TemporaryDirectory() as folder:
        scene = morning(Path(folder))
        store = scene.store
        ask_a_person(
            store, scene.by_name["olga"], RowState.CONFLICT, Status.CANCELLED, "Changed in two places."
        )
        ctx = Context(store, config, FewDoors(config), holder)
        page = OrdersPage(ctx)
        page.resize(SIZE)
        page.show()
        page.shown()
        wait(200)
        page.show_alarm(alarm(store), scene.clock(), silenced=False)
        page.select_order(scene.by_name["aigerim"], by_person=False)
        picture(page, out, f"orders-{name}")
        _further(page, scene, out, name)
        page.close()
        ctx.close()
        store.close_thread()


def _further(page: OrdersPage, scene: Morning, out: Path, name: str) -> None:
    for guest in ("olga", "stranger", "nurlan", "dinara", "asel", "timur", "erzhan"):
        page.select_order(scene.by_name[guest], by_person=False)
        picture(page, out, f"{guest}-{name}")
    page._panel.history.toggle()
    page.select_order(scene.by_name["olga"], by_person=False)
    picture(page, out, f"history-{name}")
    page._panel.history.toggle()
    remotes.note_trouble(scene.store, "alma", "refused", "No answer.")
    unreadable(scene.store)
    page.show_alarm(Alarm(0, None, ()), scene.clock(), silenced=False)
    page._head.filters_button.click()
    wait(100)
    page._filters.choose("kind", "pickup")
    picture(page, out, f"filters-{name}")
    page._filters.choose("brand", "Кофе Медеу")
    picture(page, out, f"hidden-{name}")
    page._filters.clear()
    page._column.search.setText("zzz")
    picture(page, out, f"nothing-{name}")
    page._column.search.clear()
    page.select_order(scene.by_name["anna"], by_person=False)
    wait(100)
    page._desk.cancel(page._desk.row)
    dialog = page.findChild(QWidget, "cancelDialog")
    assert dialog is not None
    picture(dialog, out, f"cancel-{name}")
    dialog.close()
    page._desk.schedule(page._desk.row)
    dialog = page.findChild(QWidget, "scheduleDialog")
    assert dialog is not None
    picture(dialog, out, f"schedule-{name}")
    dialog.close()
    page._show_quarantine()
    wait(100)
    dialog = page.findChild(QWidget, "quarantineDialog")
    assert dialog is not None
    picture(dialog, out, f"quarantine-{name}")
    dialog.close()
    page._filters.hide()
    for width, height, label in ((1196, 664, "1280"), (1836, 1024, "1920"), (1000, 664, "narrow")):
        page.resize(width, height)
        picture(page, out, f"{label}-{name}")


def show_first_start(out: Path, app: QApplication) -> None:
    """Write the picture of a first start without a shop."""
    holder = apply_theme(app, load_theme("light"))
    with tempfile.TemporaryDirectory() as folder:
        store = open_empty(Path(folder))
        ctx = Context(store, Config(), FewDoors(Config()), holder)
        page = OrdersPage(ctx)
        page.resize(SIZE)
        page.show()
        page.shown()
        picture(page, out, "first-start")
        ctx.put_config(Config(remotes=(SHOP,)))
        picture(page, out, "empty")
        page.close()
        ctx.close()
        store.close_thread()


def main(out: Path) -> None:
    """Write all pictures into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    themes: tuple[ThemeName, ...] = ("light", "dark")
    for name in themes:
        show_morning(out, name, app)
    show_first_start(out, app)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
