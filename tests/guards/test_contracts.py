"""No room is forgotten in the contracts on imports, so that a new one is under them from its first day."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.guards import tree


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads(tree.text_of("pyproject.toml"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    [found] = [each for each in contracts if each["id"] == name]
    return found


def rooms() -> set[str]:
    names = {name.removesuffix(".py").split("/")[1] for name in tree.modules("posapp")}
    return {f"posapp.{name}" for name in names if not name.startswith("__")}


@pytest.mark.parametrize(
    ("name", "exempt"),
    [
        ("qt", {"posapp.app", "posapp.ui"}),
        ("database", {"posapp.app", "posapp.services", "posapp.storage"}),
        ("http", {"posapp.printing", "posapp.remote", "posapp.sandbox"}),
    ],
)
def test_every_room_is_a_source_of_the_contract(name: str, exempt: set[str]) -> None:
    forgotten = rooms() - exempt - set(contract(name)["source_modules"])

    assert forgotten == set(), f'add them to source_modules of the contract "{name}" in pyproject.toml'


def test_every_room_has_a_layer() -> None:
    layers = contract("layers")

    assert layers["exhaustive"] is True
    assert "domain" in layers["layers"][-1]


def test_the_user_interface_is_kept_from_every_room_that_talks_to_a_remote() -> None:
    talkers = rooms() & {"posapp.remote", "posapp.sandbox", "posapp.sync"}

    assert talkers <= set(contract("ui")["forbidden_modules"])
