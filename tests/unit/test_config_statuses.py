"""The status numbers of a staff shop in the settings file: read strictly, written carefully, used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posapp import config_file
from posapp.config import CONFIG_NAME, RemoteConfig, load
from posapp.domain.errors import RefusedError, UsageError
from posapp.domain.status import Status
from posapp.remote.api import Push, Request
from posapp.remote.registry import FORMATS, format_named
from posapp.remote.staff_status import DEFAULT_PAIRS, StatusTable, table_from

SHOP = """# our shops
[[remotes]]
name = "alma"
base_url = "https://alma.example"

[[remotes]]
name = "kathmandu"
base_url = "https://shop.example"
format = "staff"  # by Ram
"""


def written(folder: Path, text: str) -> Path:
    (folder / CONFIG_NAME).write_text(text, "utf-8")
    return folder


def numbers(folder: Path, name: str = "kathmandu") -> dict[Status, tuple[int, ...]]:
    return load(folder).remote(name).status_numbers


def test_without_a_table_the_usual_numbers_hold(tmp_path: Path) -> None:
    found = numbers(written(tmp_path, SHOP))
    assert found == StatusTable().numbers
    assert (found[Status.ACCEPTED], found[Status.CANCELLED]) == ((1, 0), (4,))


@pytest.mark.parametrize(
    "table",
    [
        "statuses = { cooking = [3, 0], delivered = [3, 2], cancelled = [4, 2] }\n",
        "[remotes.statuses]\ncooking = [3, 0]\ndelivered = [3, 2]\ncancelled = [4, 2]\n",
        "statuses.cooking = [3, 0]\nstatuses.delivered = [3, 2]\nstatuses.cancelled = [4, 2]\n",
    ],
)
def test_rows_that_the_file_names_hold_and_the_others_stay_usual(tmp_path: Path, table: str) -> None:
    remote = load(written(tmp_path, SHOP + table)).remote("kathmandu")
    found = remote.status_numbers
    assert (found[Status.COOKING], found[Status.CANCELLED]) == ((3, 0), (4, 2))
    assert found[Status.ACCEPTED] == (1, 0)
    form = format_named(remote.format, remote.update, remote.statuses)
    request = form.update_request("1", Push("cooking"))
    assert isinstance(request, Request)
    assert json.loads(request.body or b"") == {"order_status": 3, "delivery_status": 0}


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("statuses = 5", 10, "statuses has to be a table"),
        ("statuses = { eaten = [1, 0] }", 10, "“eaten” is not a status"),
        ("statuses = { accepted = [1] }", 10, "accepted has to be two whole numbers"),
        ("statuses = { accepted = [1, 0, 0] }", 10, "accepted has to be two whole numbers"),
        ("statuses = { accepted = 1 }", 10, "accepted has to be two whole numbers"),
        ("statuses = { accepted = [true, 0] }", 10, "accepted has to be two whole numbers"),
        ("statuses = { cancelled = [] }", 10, "cancelled has to be two whole numbers"),
        ("[remotes.statuses]\naccepted = [1, 0]\ncooking = [5, 0]", 12, "first number of cooking"),
        ("[remotes.statuses]\n  cooking = [2, 3]", 11, "second number of cooking has to be from 0 to 2"),
        ("[remotes.statuses]\ncooking = [-1, 0]", 11, "first number of cooking has to be from 0 to 4"),
        ("[remotes.statuses]\n'cooking' = [0, 0]", 11, "created and cooking cannot have the same numbers"),
        ("statuses = { delivered = [4, 1] }", 10, "cannot have the same numbers"),
        ("[remotes.statuses]\ncancelled = [2]", 11, "cooking and cancelled cannot have the same numbers"),
        ("statuses.cooking = [9, 0]", 10, "first number of cooking"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_with_its_line(
    tmp_path: Path, table: str, line: int, words: str
) -> None:
    with pytest.raises(UsageError) as told:
        load(written(tmp_path, SHOP + table + "\n"))
    assert f"line {line}: " in told.value.title
    assert words in told.value.title


def test_a_shop_of_another_format_has_no_such_table(tmp_path: Path) -> None:
    text = SHOP.replace(
        'base_url = "https://alma.example"', 'base_url = "https://alma.example"\nstatuses.cooking = [2, 0]'
    )
    with pytest.raises(UsageError, match=r"line 5: statuses are for a remote of the format staff only"):
        load(written(tmp_path, text))


def test_only_what_is_unusual_is_written_and_comments_stay(tmp_path: Path) -> None:
    written(tmp_path, SHOP)
    wanted = {**numbers(tmp_path), Status.COOKING: (3, 0), Status.CANCELLED: (4, 1)}
    config_file.save_statuses(tmp_path, "kathmandu", wanted)
    text = (tmp_path / CONFIG_NAME).read_text("utf-8")
    assert text == SHOP + "statuses = {cooking = [3, 0], cancelled = [4, 1]}\n"
    assert numbers(tmp_path) == wanted
    config_file.save_statuses(tmp_path, "kathmandu", StatusTable().numbers)
    assert numbers(tmp_path) == StatusTable().numbers
    assert "# by Ram" in (tmp_path / CONFIG_NAME).read_text("utf-8")


def test_a_table_of_its_own_is_changed_in_its_place(tmp_path: Path) -> None:
    table = "\n[remotes.statuses]  # as Sita said\ncooking = [3, 0]  # the kitchen\n"
    written(tmp_path, SHOP + table)
    config_file.save_statuses(tmp_path, "kathmandu", {**numbers(tmp_path), Status.COOKING: (3, 1)})
    assert (tmp_path / CONFIG_NAME).read_text("utf-8") == SHOP + table.replace("[3, 0]", "[3, 1]")


def test_the_usual_numbers_leave_the_file_alone(tmp_path: Path) -> None:
    written(tmp_path, SHOP)
    config_file.save_statuses(tmp_path, "kathmandu", numbers(tmp_path))
    assert (tmp_path / CONFIG_NAME).read_text("utf-8") == SHOP


def test_numbers_that_clash_are_refused_and_not_written(tmp_path: Path) -> None:
    written(tmp_path, SHOP)
    with pytest.raises(RefusedError) as told:
        config_file.save_statuses(tmp_path, "kathmandu", {**numbers(tmp_path), Status.COOKING: (0, 0)})
    assert told.value.fields == {"statuses.cooking": "Created and cooking cannot have the same numbers."}
    assert (tmp_path / CONFIG_NAME).read_text("utf-8") == SHOP


@pytest.mark.parametrize("name", FORMATS)
def test_a_shop_signs_in_as_its_format_does(name: str) -> None:
    assert RemoteConfig("a", "https://a.example", name).by_password is format_named(name).by_password


def test_every_default_row_may_be_written_out() -> None:
    rows = {status.value: list(row) for status, row in StatusTable().numbers.items()}
    assert table_from(rows).pairs == DEFAULT_PAIRS
