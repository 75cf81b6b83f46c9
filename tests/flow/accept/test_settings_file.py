"""The settings file as people write it, and as the commands rewrite it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flow.accept.conftest import Posapp

SHOP = ("--format", "internal", "--base-url", "http://127.0.0.1:9", "--json")


def _names(posapp: Posapp) -> list[str]:
    return [remote["name"] for remote in posapp("remotes", "list", "--json").data["remotes"]]


def test_a_shop_can_be_added_after_the_last_was_removed(posapp: Posapp, till: Path) -> None:
    settings = till / "posapp.toml"
    settings.write_text('# my shop\n[station]\nname = "till-9"   # by the door\n')
    assert posapp("remotes", "add", "one", *SHOP, stdin="k\n").code == 0
    assert posapp("remotes", "remove", "one", "--json").code == 0
    assert settings.read_text().startswith("# my shop\n[station]")
    assert posapp("remotes", "add", "two", *SHOP, stdin="k\n").code == 0
    assert posapp("remotes", "add", "three", *SHOP, stdin="k\n").code == 0
    assert _names(posapp) == ["two", "three"]
    assert "# by the door" in settings.read_text()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("remotes = []\n", ["new"]),
        ('remotes = [{name = "old", base_url = "http://127.0.0.1:9"}]\n', ["old", "new"]),
    ],
)
def test_a_shop_is_added_to_remotes_written_inline(
    posapp: Posapp, till: Path, written: str, names: list[str]
) -> None:
    (till / "posapp.toml").write_text(written + '[station]\nname = "till-9"\n')
    assert posapp("remotes", "add", "new", *SHOP, stdin="k\n").code == 0
    assert _names(posapp) == names


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("postgresql://pos@127.0.0.1:9/pos", 6, "The database server cannot be reached."),
        ("mysql://pos@127.0.0.1/pos", 2, "posapp.toml, line 2"),
        ("postgresql://pos:secret@127.0.0.1:9/pos", 6, "The database server cannot be reached."),
    ],
)
def test_a_database_elsewhere_is_not_passed_over_in_silence(
    posapp: Posapp, till: Path, url: str, code: int, words: str
) -> None:
    (till / "posapp.toml").write_text(f'[database]\nurl = "{url}"\n')
    ended = posapp("orders", "list", "--json")
    assert ended.code == code
    assert words in ended.err
    assert not (till / "posapp.db").exists()
    assert "secret" not in (till / "posapp.toml").read_text()  # it is kept where the keys are
