"""posapp itself, as the command line starts it, being watched; imports nothing that posapp would not."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_APP = "posapp.app"


class OnceImported:
    """Puts eyes on posapp's app as soon as posapp itself has imported it, no sooner."""

    def __init__(self, *, with_rows: bool) -> None:
        self._with_rows = with_rows

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module with what else finds modules, and watch what it defines."""
        del path, target
        if fullname != _APP:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        assert spec is not None
        loader: Any = spec.loader
        execute = loader.exec_module

        def execute_and_watch(module: ModuleType) -> None:
            execute(module)
            _watch(module, with_rows=self._with_rows)

        loader.exec_module = execute_and_watch
        return spec


def _watch(module: Any, *, with_rows: bool) -> None:
    from tests.benchmarks.children.eyes import Eyes

    kept: list[Eyes] = []

    class Watched(module.App):  # type: ignore[misc]
        """The app, being watched."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            kept.append(Eyes(self.window, with_rows=with_rows))

    module.App = Watched


def main() -> None:
    """Start posapp on a data directory; the second argument says whether to wait for rows."""
    data_dir, with_rows = sys.argv[2], sys.argv[3] == "rows"
    sys.meta_path.insert(0, OnceImported(with_rows=with_rows))
    from posapp.cli.main import main as run

    sys.exit(run(["--data-dir", data_dir]))


if __name__ == "__main__":
    main()
