"""Settings that are lists: read, refused with a sentence, written back and undone like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.config import CONFIG_NAME, load
from posapp.config_fields import LIST_MOST
from posapp.config_file import save_setting
from posapp.domain.errors import RefusedError, UsageError


def test_a_list_is_saved_beside_what_the_file_says_and_read_back(tmp_path: Path) -> None:
    (tmp_path / CONFIG_NAME).write_text('# ours\n[station]\nname = "bar"\n', "utf-8")
    config = save_setting(tmp_path, "orders", "reasons", ("Oven  is cold", "Нет теста", "Oven is cold", " "))

    assert config.get("orders", "reasons") == ("Oven is cold", "Нет теста")
    assert load(tmp_path) == config
    assert (tmp_path / CONFIG_NAME).read_text("utf-8").startswith("# ours\n")


def test_an_empty_list_is_a_choice_and_a_missing_one_is_the_default(tmp_path: Path) -> None:
    assert "Too busy" in load(tmp_path).get("orders", "reasons")
    assert save_setting(tmp_path, "orders", "reasons", ()).get("orders", "reasons") == ()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [('"Too busy"', "has to be a list of texts"), ("[1, 2]", "list of texts"), (f'["{"x" * 81}"]', "80")],
)
def test_what_is_no_list_of_short_texts_is_named_with_its_line(
    tmp_path: Path, value: str, sentence: str
) -> None:
    (tmp_path / CONFIG_NAME).write_text(f"[orders]\nreasons = {value}\n", "utf-8")

    with pytest.raises(UsageError, match=rf"line 2: .*{sentence}"):
        load(tmp_path)


def test_a_list_has_an_end(tmp_path: Path) -> None:
    many = tuple(f"Reason {number}" for number in range(LIST_MOST + 1))

    with pytest.raises(RefusedError, match=f"up to {LIST_MOST}"):
        save_setting(tmp_path, "orders", "reasons", many)
