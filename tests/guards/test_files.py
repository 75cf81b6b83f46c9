"""No file of the project names a package registry or a place on somebody's machine."""

from __future__ import annotations

import re

import pytest

from tests.guards import tree

# Written in pieces, or this file would find itself.
REGISTRIES = re.compile(
    "|".join(
        (
            r"\bpy" + r"pi\.(org|python\.org|io)",
            r"files\.python" + r"hosted\.org",
            r"registry\.np" + r"mjs\.org",
            r"(deb|ftp|security)\.deb" + r"ian\.org",
            r"--?(extra-)?index" + r"-url|find-lin" + r"ks",
        )
    )
)
MACHINE_PATHS = re.compile(
    "|".join(
        (
            r"(?<![\w.~])/wo" + r"rk/\w",
            r"(?<![\w.~])/ho" + r"me/\w",
            r"(?<![\w.~])/ro" + r"ot/\w",
            r"(?<![\w.~])/Us" + r"ers/\w",
            r"\b[A-Z]:\\{1,2}Us" + r"ers\b",
            r"\.pye" + r"nv/",
        )
    )
)
PINS = ("requirements/runtime.txt", "requirements/dev.txt", "requirements/postgresql.txt")


def hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {match.group()}"
        for name in tree.tracked()
        for number, line in enumerate(tree.text_of(name).splitlines(), start=1)
        if (match := pattern.search(line))
    ]


def test_no_file_names_a_package_registry() -> None:
    # The make target that renews the pins tells its tool to leave the address out.
    assert [hit for hit in hits(REGISTRIES) if not hit.startswith("Makefile:")] == []
    assert "--no-emit-index" in tree.text_of("Makefile")


def test_no_file_names_a_place_on_a_machine() -> None:
    assert hits(MACHINE_PATHS) == []


@pytest.mark.parametrize(
    "line",
    ["/ho" + "me/anna/posapp", "see /wo" + "rk/main", "C:\\Us" + "ers\\anna", '"C:\\\\Us' + 'ers"'],
)
def test_a_place_on_a_machine_would_be_found(line: str) -> None:
    assert MACHINE_PATHS.search(line)


@pytest.mark.parametrize("line", ["~/.local/share/posapp", "GET /api/home/x", "tests/work/x", "a.home/b"])
def test_other_paths_are_left_alone(line: str) -> None:
    assert not MACHINE_PATHS.search(line)


@pytest.mark.parametrize("name", PINS)
def test_every_requirement_is_pinned_with_its_hashes(name: str) -> None:
    text = tree.text_of(name).replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert len(pinned) > 10
    assert [
        line for line in pinned if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ] == []


def test_all_sets_of_pins_agree() -> None:
    runtime, dev, server = (set(re.findall(r"^\S+==\S+", tree.text_of(name), re.MULTILINE)) for name in PINS)

    assert runtime < server < dev
