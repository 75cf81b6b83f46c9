"""Printers in posapp.toml: read strictly, with the line of each mistake, and written with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.config import CONFIG_NAME, load, make_printer
from posapp.config_file import remove_printer, save_printer
from posapp.domain.errors import RefusedError, UsageError
from posapp.printing.printers import Printer, Role

FILE = """# the counter
[station]
name = "counter-1"

[[printers]]
name = "front"
kind = "network"
address = "192.168.1.50"   # behind the till
width_mm = 80
code_page = "cp866"
roles = ["receipt"]
drawer = true

[[printers]]
name = "kitchen"
kind = "device"
address = "/dev/usb/lp0"
width_mm = 58
columns = 42
roles = ["kitchen"]
"""


def written(folder: Path, text: str = FILE) -> Path:
    (folder / CONFIG_NAME).write_text(text, encoding="utf-8")
    return folder


def test_printers_are_read(tmp_path: Path) -> None:
    front, kitchen = load(written(tmp_path)).printers

    assert front == Printer("front", "192.168.1.50", "network", 80, 0, "cp866", ("receipt",), drawer=True)
    assert (front.letters, front.dots, front.host) == (48, 576, ("192.168.1.50", 9100))
    assert (kitchen.letters, kitchen.dots, kitchen.narrow) == (42, 384, True)
    assert kitchen.serves(Role.KITCHEN)
    assert not kitchen.serves(Role.RECEIPT)


def test_the_first_printer_of_a_role_is_used_for_it(tmp_path: Path) -> None:
    config = load(written(tmp_path))

    assert [printer.name for role in Role if (printer := config.printer_for(role))] == ["front", "kitchen"]
    assert load(tmp_path / "nothing").printer_for("receipt") is None


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        (9, "width_mm = 72", "width_mm has to be 58 or 80"),
        (9, 'width_mm = "80"', "width_mm has to be a whole number"),
        (7, 'kind = "carrier-pigeon"', "kind has to be one of: network, file, device, system"),
        (8, 'address = "192.168.1.50:0"', "the port of address has to be from 1 to 65535"),
        (8, 'address = "a b"', "address has to be a host such as 192.168.1.50 or 192.168.1.50:9100"),
        (8, 'address = ""', "a printer needs address"),
        (10, 'code_page = "klingon"', "code_page has to be one of: ascii, cp437"),
        (11, 'roles = ["toaster"]', "roles has to be some of: receipt, kitchen"),
        (11, 'roles = "receipt"', "roles has to be a list such as ['receipt', 'kitchen']"),
        (12, "drawer = 1", "drawer has to be true or false"),
        (12, "colour = true", "there is no setting “colour” for a printer"),
        (15, 'name = "front"', "there are two printers called “front”"),
        (19, "columns = 48", "columns has to be 32 or 42 on this paper"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: int, instead: str, sentence: str) -> None:
    lines = FILE.split("\n")
    lines[line - 1] = instead

    with pytest.raises(UsageError) as caught:
        load(written(tmp_path, "\n".join(lines)))

    assert f"line {line}: {sentence}" in caught.value.title


def test_a_single_bracket_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"line 1: write each printer under \[\[printers\]\]"):
        load(written(tmp_path, '[printers]\nname = "front"\n'))


def test_a_printer_is_added_changed_and_removed_and_comments_stay(tmp_path: Path) -> None:
    written(tmp_path)
    bar = Printer("bar", "bar.local:9101", width_mm=58, code_page="kz1048", roles=("receipt", "kitchen"))

    assert save_printer(tmp_path, bar).printers[-1] == bar
    moved = Printer("front", "192.168.1.51", code_page="ascii")
    assert save_printer(tmp_path, moved, replaces="front").printers[0] == moved
    renamed = Printer("till", "192.168.1.51")
    assert [each.name for each in save_printer(tmp_path, renamed, "front").printers] == [
        "till", "kitchen", "bar",
    ]  # fmt: skip
    text = (tmp_path / CONFIG_NAME).read_text(encoding="utf-8")
    assert "# the counter" in text
    assert "drawer = false" in text
    remove_printer(tmp_path, "till")
    remove_printer(tmp_path, "kitchen")
    config = remove_printer(tmp_path, "bar")
    assert config.printers == ()
    assert "printers" not in (tmp_path / CONFIG_NAME).read_text(encoding="utf-8")
    assert config.station == "counter-1"


def test_a_taken_name_is_refused_at_its_field(tmp_path: Path) -> None:
    written(tmp_path)

    with pytest.raises(RefusedError) as caught:
        save_printer(tmp_path, Printer("kitchen", "10.0.0.1"), replaces="front")

    assert caught.value.fields == {"name": "This name is taken."}
    assert [printer.name for printer in load(tmp_path).printers] == ["front", "kitchen"]


def test_what_a_person_enters_is_refused_at_its_field() -> None:
    with pytest.raises(RefusedError) as caught:
        make_printer({"name": "Front desk", "address": "10.0.0.1"})

    assert caught.value.fields == {"name": "Name may have the letters a-z, digits and -, up to 40."}
