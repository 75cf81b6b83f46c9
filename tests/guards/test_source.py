"""The house rules hold in every file of the program."""

from __future__ import annotations

import ast

from tests.guards import rules, tree

LONGEST_FILE = 350


def test_the_guards_see_the_program() -> None:
    assert "posapp/resources.py" in list(tree.modules("posapp"))


def test_only_the_user_interface_and_the_composition_root_know_qt() -> None:
    def rule(module: ast.AST) -> list[rules.Finding]:
        return rules.imports_of(module, "PySide6", "shiboken6")

    names = (name for name in tree.modules("posapp") if not name.startswith("posapp/app/"))
    assert tree.breaches(rule, names, but="posapp/ui") == []


def test_the_user_interface_knows_neither_the_database_library_nor_the_network() -> None:
    def rule(module: ast.AST) -> list[rules.Finding]:
        return rules.imports_of(module, "peewee", "playhouse", "posapp.sync", "posapp.remote", "urllib3")

    assert tree.breaches(rule, tree.modules("posapp/ui")) == []


def test_the_user_interface_never_writes_the_database() -> None:
    assert tree.breaches(rules.database_writes, tree.modules("posapp/ui")) == []


def test_nothing_that_is_shown_can_be_taken_for_rich_text() -> None:
    assert tree.breaches(rules.rich_text, tree.modules("posapp/ui", "posapp/app")) == []


def test_labels_are_made_in_one_place_that_makes_them_plain() -> None:
    names = tree.modules("posapp/ui", "posapp/app")
    assert tree.breaches(rules.bare_labels, names, but="posapp/ui/widgets/text.py") == []


def test_tool_tips_are_plain() -> None:
    assert tree.breaches(rules.bare_tool_tips, tree.modules("posapp/ui", "posapp/app")) == []


def test_money_is_never_a_float() -> None:
    def rule(module: ast.AST) -> list[rules.Finding]:
        return rules.calls_of(module, "float")

    assert tree.breaches(rule, tree.modules("posapp/domain", "posapp/remote", "posapp/services")) == []
    assert tree.breaches(rules.inexact_decimals, tree.modules("posapp")) == []


def test_time_and_chance_are_handed_in_where_decisions_are_made() -> None:
    names = tree.modules("posapp/domain", "posapp/services", "posapp/sync/engine.py", "posapp/sync/policy.py")
    assert tree.breaches(rules.clock_reads, names) == []


def test_only_the_command_line_prints() -> None:
    def rule(module: ast.AST) -> list[rules.Finding]:
        return rules.calls_of(module, "print")

    assert tree.breaches(rule, tree.modules("posapp"), but="posapp/cli") == []


def test_every_file_fits_into_a_head() -> None:
    lengths = {name: len(tree.text_of(name).splitlines()) for name in tree.modules("posapp")}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
