"""The house rules that a linter does not know, as functions from a syntax tree to what breaks them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule."""

    line: int
    what: str


def _last_name(node: ast.expr) -> str:
    """Answer the last word of a dotted name: `c` of `a.b.c`, nothing for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _last_name(function)
        case _:
            return ""


def imported_modules(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every module that is imported, wherever in the file, as (line, dotted name)."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    yield node.lineno, name.name
            case ast.ImportFrom(module=str(module), names=names):
                yield node.lineno, module
                for name in names:
                    yield node.lineno, f"{module}.{name.name}"
            case _:
                pass


def imports_of(tree: ast.AST, *banned: str) -> list[Finding]:
    """Find imports of the banned modules and of what is inside them."""
    return [
        Finding(line, f"imports {module}")
        for line, module in imported_modules(tree)
        if any(module == name or module.startswith(f"{name}.") for name in banned)
    ]


def calls_of(tree: ast.AST, *banned: str) -> list[Finding]:
    """Find calls of these bare names, such as print(…)."""
    return [
        Finding(node.lineno, f"calls {node.func.id}(")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in banned
    ]


def inexact_decimals(tree: ast.AST) -> list[Finding]:
    """Find Decimal(0.1): an amount that was a float before."""
    return [
        Finding(node.lineno, f"makes a Decimal of the float {argument.value}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _last_name(node.func) == "Decimal"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, float)
    ]


# Calls that ask the machine for the time, for chance or for an id.
ASKING = frozenset(
    {
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "date.today",
        "time.monotonic",
        "time.perf_counter",
        "time.sleep",
        "time.time",
        "time.time_ns",
        "uuid.uuid1",
        "uuid.uuid4",
    }
)
ASKING_WORDS = frozenset({"monotonic", "perf_counter", "urandom", "uuid1", "uuid4", "uuid7"})
CHANCE = frozenset({"random", "secrets"})


def clock_reads(tree: ast.AST) -> list[Finding]:
    """Find calls that read a clock or draw by chance instead of being handed a time, a number or an id."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        last_two = ".".join(name.split(".")[-2:])
        if last_two in ASKING or name in ASKING_WORDS or name.split(".")[0] in CHANCE:
            found.append(Finding(node.lineno, f"calls {name}("))
    return found


# ------------------------------------------------------------------------------------ the database

# Whatever they are called on, these write (or could).
WRITES = frozenset(
    {
        "bulk_create",
        "bulk_update",
        "create",
        "delete_by_id",
        "delete_instance",
        "execute",
        "execute_sql",
        "executemany",
        "executescript",
        "get_or_create",
        "insert_from",
        "insert_many",
        "replace_many",
        "set_by_id",
    }
)
# These write when called on a model; dicts, lists, widgets and painters have methods of the same names.
MODEL_WRITES = frozenset({"delete", "insert", "replace", "update"})
# A painter saves its state, a picture itself into a file.
SAVES_ELSEWHERE = ("painter", "image", "pixmap", "picture", "grab")


def database_writes(tree: ast.AST) -> list[Finding]:
    """Find calls that could write the database."""
    models = set(_imported_classes(tree))
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method, receiver = node.func.attr, _last_name(node.func.value)
        saves = method == "save" and not receiver.lower().endswith(SAVES_ELSEWHERE)
        if method in WRITES or saves or (method in MODEL_WRITES and receiver in models):
            found.append(Finding(node.lineno, f"calls {receiver}.{method}("))
    return found


def _imported_classes(tree: ast.AST) -> Iterator[str]:
    """Yield the local names of classes that come from the storage."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("posapp.storage"):
            for name in node.names:
                if name.name[:1].isupper():
                    yield name.asname or name.name


# -------------------------------------------------------------------------------------- plain text

# Widgets that guess rich text in what they show, or have labels inside that do.
GUESSING_WIDGETS = frozenset(
    {
        "QErrorMessage",
        "QInputDialog",
        "QMessageBox",
        "QProgressDialog",
        "QTextBrowser",
        "QTextEdit",
        "QWhatsThis",
    }
)
RICH_METHODS = frozenset(
    {"insertHtml", "setHtml", "setMarkdown", "insertMarkdown", "appendHtml", "setDefaultStyleSheet"}
)
RICH_FORMATS = frozenset({"AutoText", "MarkdownText", "RichText"})


def rich_text(tree: ast.AST) -> list[Finding]:
    """Find text that Qt could take for HTML."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in RICH_METHODS | RICH_FORMATS:
                found.append(Finding(node.lineno, f"uses {name}"))
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in GUESSING_WIDGETS:
                found.append(Finding(node.lineno, f"uses {name}"))
            case ast.Call(func=ast.Attribute(attr="setTextFormat"), args=[asked]) if (
                _last_name(asked) != "PlainText"
            ):
                found.append(Finding(node.lineno, "calls setTextFormat with something else than PlainText"))
            case ast.Call(func=ast.Attribute(attr="addRow"), args=[label, *_]) if _is_text(label):
                found.append(Finding(node.lineno, "lets addRow make a label of its own"))
            case _:
                pass
    return found


def bare_labels(tree: ast.AST) -> list[Finding]:
    """Find QLabels made or subclassed by hand."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function) if _last_name(function) == "QLabel" and not isinstance(
                function, ast.Call
            ):
                found.append(Finding(node.lineno, "makes a QLabel"))
            case ast.ClassDef(bases=bases) if any(_last_name(base) == "QLabel" for base in bases):
                found.append(Finding(node.lineno, "subclasses QLabel"))
            case _:
                pass
    return found


def bare_tool_tips(tree: ast.AST) -> list[Finding]:
    """Find tool tips, where Qt guesses rich text too, that do not come from `plain_tooltip`."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="setToolTip" | "setWhatsThis" as method), args=arguments
            ) if not (arguments and _last_name(arguments[-1]) == "plain_tooltip"):
                found.append(Finding(node.lineno, f"calls {method} with raw text"))
            case ast.Attribute(attr="ToolTipRole") if "plain_tooltip" not in names:
                found.append(Finding(node.lineno, "answers ToolTipRole without plain_tooltip"))
            case _:
                pass
    return found


def _is_text(node: ast.expr) -> bool:
    """Tell whether an expression is plainly a text: a literal, or a translated one."""
    if isinstance(node, ast.Call):
        return _last_name(node.func) == "tr"
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
