"""The entry point: reads the command line, runs one command, turns every outcome into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from posapp.cli.errors import INTERRUPTED, bug, known_error
from posapp.cli.output import Output
from posapp.cli.parser import parse
from posapp.cli.session import Session

# Where the module of a command has another name than the command.
_MODULES = {"": "window", "sample-data": "sample", "backup": "files", "verify": "files", "restore": "files"}


def run() -> None:
    """Run the program and exit."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; expected failures are sentences, never a trace."""
    os.umask(0o077)
    arguments = list(sys.argv[1:] if argv is None else argv)
    before_operands = arguments[: arguments.index("--")] if "--" in arguments else arguments
    out = Output(as_json="--json" in before_operands)
    session: Session | None = None
    try:
        session = Session(parse(arguments), out)
        code = _dispatch(session)
        out.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as ending:  # --help and --version
        code = ending.code if isinstance(ending.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: sentences for everything
        code = _failed(error, session, out)
    finally:
        _close(session)
    return code


def _failed(error: Exception, session: Session | None, out: Output) -> int:
    problem = known_error(error) or bug(error, _place(session))
    try:
        code = out.fail(problem)
        out.flush()
    except OSError:  # nobody can be told
        return problem.exit_code
    return code


def _place(session: Session | None) -> Path | None:
    try:
        return session.data_dir if session else None
    except Exception:  # noqa: BLE001 - it may be what went wrong
        return None


def _close(session: Session | None) -> None:
    try:
        if session is not None:
            session.close()
    except Exception as error:  # noqa: BLE001 - what was to be done is done
        if known_error(error) is None:
            bug(error, _place(session))


def _dispatch(session: Session) -> int:
    """Run the command; its module is imported only when it is the one that runs."""
    module = import_module(f"posapp.cli.{_MODULES.get(session.options.command, session.options.command)}")
    return int(module.run(session))
