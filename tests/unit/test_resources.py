"""The door to the resource files: finds them, reads them, and does not lead anywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posapp import resources

CHECKOUT = Path(__file__).resolve().parents[2]


def test_a_checkout_reads_its_own_resources() -> None:
    assert resources.path("theme/tokens.json") == CHECKOUT / "resources" / "theme" / "tokens.json"


def test_text_is_read_as_utf_8() -> None:
    assert json.loads(resources.text("theme/tokens.json"))


def test_data_is_the_file_byte_for_byte() -> None:
    assert (
        resources.data("fonts/Inter-Regular.otf")
        == (CHECKOUT / "resources/fonts/Inter-Regular.otf").read_bytes()
    )


def test_a_folder_can_be_asked_for() -> None:
    assert resources.path("fonts").is_dir()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../pyproject.toml",
        "icons/../../pyproject.toml",
        "icons/../..",
        "/etc/hostname",
        "..\\pyproject.toml",
    ],
)
def test_names_that_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a resource"):
        resources.path(name)


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "resources"
    folder.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours", encoding="utf-8")
    (folder / "innocent.txt").symlink_to(secret)
    monkeypatch.setattr(resources, "root", lambda: folder)

    with pytest.raises(ValueError, match="not the name of a resource"):
        resources.text("innocent.txt")


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no such resource: 'icons/unicorn"):
        resources.data("icons/unicorn.svg")
