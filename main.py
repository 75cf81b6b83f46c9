"""Start the program from a checkout: `python main.py`."""

from __future__ import annotations

from posapp.cli.main import run

if __name__ == "__main__":
    run()
