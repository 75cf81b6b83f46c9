"""Let `python -m posapp` start the program."""

from __future__ import annotations

from posapp.cli.main import run

if __name__ == "__main__":
    run()
