"""How the Sync Center tells the states of the exchange, and that nothing of it is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QScrollArea

from posapp.config_file import save_setting
from posapp.domain.status import Status
from posapp.services import remotes
from posapp.storage.store import Store
from posapp.ui.sync_center.troublebar import TroubleBar
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.syncpill import PillState
from tests.gui.sync import scene
from tests.gui.sync.conftest import Center, Fill, Make


def all_sent(store: Store, clock: scene.ChosenClock) -> None:
    pk = scene.internal(store, 12, Status.ACCEPTED)
    scene.settle(store, pk)
    remotes.note_ok(store, "mamma", pulled=True)


def trouble(verdict: str, *, skew_s: int = 0, detail: str = "") -> Fill:
    def fill(store: Store, clock: scene.ChosenClock) -> None:
        remotes.note_ok(store, "mamma", pulled=True, skew_s=skew_s)
        scene.internal(store, 12, Status.ACCEPTED, Status.COOKING)
        clock.pass_time(480)
        if verdict:
            remotes.note_trouble(store, "mamma", verdict, detail)
        else:
            remotes.note_ok(store, "mamma", pulled=True, skew_s=skew_s)

    return fill


def bar(center: Center) -> TroubleBar:
    return center.find(TroubleBar, "troubleBar")


def rest_words(center: Center) -> str:
    shown = center.find(EmptyState, "syncEmpty")
    assert shown.isVisible()
    return f"{shown.title} {shown._sentence.text()}"


def test_when_everything_is_sent_it_says_so_calmly(make: Make) -> None:
    center = make(all_sent, shops=("mamma",))
    assert rest_words(center).startswith("Everything is sent.")
    assert not bar(center).isVisible()
    assert [center.card(key).face.big for key in ("shop:mamma", "waiting", "failed", "conflicts")] == [
        "Online", "0", "0", "0",
    ]  # fmt: skip
    assert not any(center.card(key).face.loud for key in ("waiting", "failed", "conflicts"))
    assert center.card("last").face.line == "Asks every 10 s"
    assert center.app.window.rail.button("sync").badge == 0


@pytest.mark.parametrize(
    ("verdict", "sentence", "action"),
    [
        ("not_sent", "The shop cannot be reached. It is tried again by itself.", "Try now"),
        ("portal", "Open a browser and sign in to the network.", "Try now"),
        ("certificate", "Check the date and clock of this PC.", "Try now"),
        ("sign_in", "The shop no longer accepts the key — enter a new one.", "Enter a new key"),
    ],
)
def test_trouble_is_told_in_plain_words_with_the_act_that_helps(
    make: Make, verdict: str, sentence: str, action: str
) -> None:
    center = make(trouble(verdict), shops=("mamma",))
    assert sentence in bar(center).text
    assert bar(center).button.label == action
    assert "2 changes are saved here" in bar(center).accessibleName()
    assert center.card("shop:mamma").face.big == ("Key needed" if verdict == "sign_in" else "Offline")
    assert center.clipped() == []


def test_offline_names_since_when_and_what_is_safe(make: Make) -> None:
    center = make(trouble("not_sent"), shops=("mamma",))
    assert rest_words(center).startswith("Offline since 19:47 Keep working — 2 changes are saved here.")
    waiting = [entry.line for entry in center.entries if entry.key.startswith("change:")]
    assert waiting == ["Saved here, waits for the connection", "After an earlier change of this order"]


def test_a_wrong_clock_is_named_in_minutes(make: Make) -> None:
    center = make(trouble("", skew_s=-420), shops=("mamma",))
    assert (
        bar(center).text
        == "This PC's clock is 7 min behind the shop's. Let this PC set its clock by the network."
    )
    assert not bar(center).button.isVisible()
    assert "clock is off" in center.card("shop:mamma").face.line
    center.click(center.card("shop:mamma"))
    assert "7 min behind" in center.text("factsSentence")


def test_a_missing_key_is_asked_for(make: Make) -> None:
    center = make(trouble("sign_in", detail="401"), shops=("mamma",))
    assert center.chosen == "shop:mamma"
    center.press("sync_key")
    assert center.app.window.screen_key == "settings"
    [dialog] = [dialog for dialog in center.app.window.findChildren(Dialog) if dialog.isVisible()]
    assert dialog.objectName() == "keyDialog"
    dialog.reject()


def test_trying_now_asks_the_shop(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    center = make(trouble("not_sent"), shops=("mamma",))
    asked: list[str] = []
    monkeypatch.setattr(center.app.context.doors, "sync_now", lambda: asked.append("now"))
    center.click(bar(center).button)
    assert asked == ["now"]


def test_each_shop_has_its_card_and_the_troubled_one_comes_first(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        made = scene.everything(store, clock)
        remotes.note_trouble(store, "mamma", "portal", "")
        return made

    center = make(fill)
    assert center.card("shop:mamma").face.big == "Offline"
    assert center.card("shop:kathmandu").face.big == "Online"
    assert center.card("shop:mamma").x() < center.card("shop:kathmandu").x()
    assert bar(center).text.startswith("mamma: ")
    center.click(center.card("shop:kathmandu"))
    pairs = center.page.right.facts.facts.pairs  # type: ignore[union-attr]
    assert dict(pairs) | {"Waiting": "0", "Refused": "1", "Conflicts": "1"} == dict(pairs)


def test_six_cards_side_by_side_cut_no_word(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        made = scene.everything(store, clock)
        remotes.note_trouble(store, "kathmandu", "sign_in", "")
        return made

    card = make(fill).card("shop:kathmandu")
    assert (card.face.big, card.clipped_texts()) == ("Password needed", [])
    assert card.face.line.startswith("kathmandu")


def test_without_a_shop_it_says_what_to_do(make: Make) -> None:
    center = make(lambda store, clock: None, shops=())
    assert rest_words(center).startswith("No shop is connected yet. Connect one in the settings")


def test_a_trouble_that_ends_is_no_longer_told(make: Make) -> None:
    center = make(trouble("not_sent"), shops=("mamma",))
    assert bar(center).isVisible()
    remotes.note_ok(center.store, "mamma", pulled=True)
    center.rest()
    assert not bar(center).isVisible()
    assert center.app.window.top.pill.state is PillState.WAITING


def test_ages_run_on_without_reading(make: Make) -> None:
    center = make(all_sent, shops=("mamma",))
    center.clock.pass_time(8)
    center.page._tick()
    assert center.card("last").face.big == "8 s"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_nothing_is_cut_off(make: Make, theme: str, size: tuple[int, int]) -> None:
    center = make(theme=theme)
    center.app.window.resize(*size)
    for key in [entry.key for entry in center.entries if entry.kind != "header"]:
        center.page.choose(key)
        assert center.clipped() == [], key
    center.page.show_custody()
    center.page.right.custody.open_figure("made")
    assert center.clipped() == []


def test_nothing_is_cut_off_with_large_letters(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        save_setting(store.data_dir, "look", "text_scale", 150)
        return scene.everything(store, clock)

    center = make(fill)
    for key in [entry.key for entry in center.entries if entry.kind != "header"]:
        center.page.choose(key)
        assert center.clipped() == [], key


def test_state_queue_five_fields_and_result_need_no_scrolling_at_1366(center: Center) -> None:
    desk = center.page.right.desk
    assert len(desk.rows) == 5
    assert all(area.verticalScrollBar().maximum() == 0 for area in desk.findChildren(QScrollArea))
    window = center.app.window
    for widget in (center.card("conflicts"), center.page.queue, desk.result, desk.apply_button):
        bottom = widget.mapTo(window, widget.rect().bottomRight())
        assert window.rect().contains(bottom), widget.objectName()
