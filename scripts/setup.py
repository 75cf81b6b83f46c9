"""Set the project up: virtual environment, pinned libraries, Qt's system libraries.

Needs nothing but a Python of 3.11 or newer. Running it again takes a moment: a stamp in the environment tells
what it was made from.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

# Debian's names. Qt needs the first list even without a screen.
OFFSCREEN_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
)
SCREEN_PACKAGES = (
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-image0",
    "libxcb-render-util0",
)
WAYLAND_PACKAGES = ("libwayland-client0", "libwayland-cursor0", "libwayland-egl1")
VIRTUAL_SCREEN_PACKAGES = ("xvfb", "xauth")

# Loads every part of Qt that posapp uses, and one of the platform plugins named as arguments, if any are.
QT_CHECK = """
import ctypes, pathlib, sys
import PySide6
from PySide6 import QtNetwork, QtPrintSupport, QtSvg, QtWidgets
plugins = pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"
troubles = []
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(str(plugins / f"libq{name}.so"))
    except OSError as error:
        troubles.append(error)
if troubles and len(troubles) == len(sys.argv) - 1:
    raise troubles[0]
app = QtWidgets.QApplication(["check", "-platform", "offscreen"])
"""


class SetupError(Exception):
    """A step that failed, told in words for the person who ran this."""


def main(argv: Sequence[str] | None = None) -> int:
    """Set everything up; answer 0, or 1 after saying what is in the way."""
    parser = argparse.ArgumentParser(description="Set the project up in .venv.")
    parser.add_argument("--virtual-screen", action="store_true", help="also provide Xvfb, a screen in memory")
    parser.add_argument(
        "--database-server", action="store_true", help="also provide PostgreSQL, for the tests on it"
    )
    options = parser.parse_args(argv)
    try:
        if options.database_server:
            provide_postgresql()
        set_up(ROOT, virtual_screen=options.virtual_screen)
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def set_up(root: Path, *, virtual_screen: bool) -> None:
    """Bring the environment of the checkout at root in line with its pinned requirements."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"posapp needs Python 3.11 or newer, and this is {sys.version.split()[0]}. "
            "Install a newer one and name it: make PYTHON=python3.12 …"
        )
    venv = root / ".venv"
    stamp = venv / "set-up.json"
    screens = wanted_screens(os.environ, sys.platform)
    wish = {"made_from": fingerprint(root), "screens": list(screens), "virtual_screen": virtual_screen}
    if is_covered(wish, read_stamp(stamp)) and venv_python(venv).exists():
        return
    make_venv(venv)
    install(root, venv)
    provide_qt_libraries(venv, screens=screens, virtual_screen=virtual_screen)
    stamp.write_text(json.dumps(wish), encoding="utf-8")


# --------------------------------------------------------------------------------------------- stamp


def fingerprint(root: Path) -> str:
    """Digest everything that the environment is made from."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {root}".encode())
    for name in ("requirements/dev.txt", "pyproject.toml", "scripts/setup.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(stamp: Path) -> dict[str, object]:
    """Read what the environment was made from, or nothing when that is not known."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def is_covered(wish: dict[str, object], done: dict[str, object]) -> bool:
    """Tell whether an earlier set-up did all that this one wants."""
    done_screens, wanted = done.get("screens"), wish["screens"]
    return (
        done.get("made_from") == wish["made_from"]
        and isinstance(done_screens, list)
        and isinstance(wanted, list)
        and set(wanted) <= set(done_screens)
        and bool(done.get("virtual_screen")) >= bool(wish["virtual_screen"])
    )


# --------------------------------------------------------------------------------- environment, libraries


def venv_python(venv: Path) -> Path:
    """Answer the path of the interpreter inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def make_venv(venv: Path) -> None:
    """Make the virtual environment, unless a sound one of this Python version is there."""
    if is_sound(venv):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        # Debian's python3 comes without them.
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        install_system_packages((f"python{version}-venv",), why="Python's own tool for virtual environments")
    say("Making the virtual environment in .venv …")
    run([sys.executable, "-m", "venv", "--clear", str(venv)], "The virtual environment could not be made.")


def is_sound(venv: Path) -> bool:
    """Tell whether the environment runs, has pip, and is of this Python version."""
    python = venv_python(venv)
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; print(sys.version_info[:2])"]
    answer = subprocess.run(probe, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == str(sys.version_info[:2])


def install(root: Path, venv: Path) -> None:
    """Install the pinned libraries, each checked by its hash, and posapp itself as it lies here."""
    say("Bringing the libraries in line (some 150 MB to download the first time) …")
    pip = [
        str(venv_python(venv)),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    # Wheels only: building from source would bring in build tools that nobody pinned.
    pinned = ["--only-binary=:all:", "--require-hashes", "-r", str(root / "requirements" / "dev.txt")]
    run([*pip, *pinned], "The libraries could not be installed. Is the network there?")
    itself = ["--no-deps", "--no-build-isolation", "--no-index", "-e", str(root)]
    run([*pip, *itself], "posapp could not be installed into .venv.")


# ------------------------------------------------------------------------------- Qt's system libraries


def wanted_screens(environ: os._Environ[str] | dict[str, str], platform: str) -> tuple[str, ...]:
    """Name Qt's platform plugins that this machine's screens need (Linux only)."""
    if not platform.startswith("linux"):
        return ()
    screens = []
    if environ.get("DISPLAY"):
        screens.append("xcb")
    if environ.get("WAYLAND_DISPLAY"):
        screens.append("wayland")
    return tuple(screens)


def provide_qt_libraries(venv: Path, *, screens: Sequence[str], virtual_screen: bool) -> None:
    """See that Qt loads; install what the system lacks where that is allowed, else say what to install."""
    if virtual_screen:
        screens = tuple(dict.fromkeys((*screens, "xcb")))
    trouble = qt_trouble(venv, screens)
    lacks_screen = virtual_screen and not (shutil.which("Xvfb") and shutil.which("xauth"))
    if not trouble and not lacks_screen:
        return
    if not sys.platform.startswith("linux"):
        raise SetupError(f"Qt does not load: {trouble}")
    packages = list(OFFSCREEN_PACKAGES)
    packages += SCREEN_PACKAGES if "xcb" in screens else ()
    packages += WAYLAND_PACKAGES if "wayland" in screens else ()
    packages += VIRTUAL_SCREEN_PACKAGES if virtual_screen else ()
    install_system_packages(packages, why=trouble or "the virtual screen Xvfb is not installed")
    trouble = qt_trouble(venv, screens)
    if trouble:
        raise SetupError(f"Qt still does not load: {trouble}")


def qt_trouble(venv: Path, screens: Sequence[str]) -> str:
    """Load Qt and a plugin for one of these screens in another process; answer what is wrong, or nothing."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    check = [str(venv_python(venv)), "-c", QT_CHECK, *screens]
    answer = subprocess.run(check, capture_output=True, text=True, check=False, env=environ)
    if answer.returncode == 0:
        return ""
    lines = answer.stderr.strip().splitlines()
    return lines[-1] if lines else f"the check ended with code {answer.returncode}"


def provide_postgresql() -> None:
    """See that a PostgreSQL server can be started; Debian keeps its programs off the path."""
    if shutil.which("postgres") is None and not any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        install_system_packages(("postgresql",), why="PostgreSQL is not installed")


def install_system_packages(packages: Sequence[str], *, why: str) -> None:
    """Install Debian packages as root or by sudo without a password; otherwise say how, and stop."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = "sudo apt-get update && sudo " + " ".join(command)
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"system libraries are missing ({why}). On Debian and Ubuntu they come with\n  {by_hand}\n"
            "Install your system's packages of the same libraries, then try again."
        )
    prefix = root_prefix()
    if prefix is None:
        raise SetupError(f"system libraries are missing ({why}). Please run\n  {by_hand}\nand try again.")
    say(f"Installing system packages ({why}): {' '.join(packages)}")
    failed = f"The packages could not be installed. Please run\n  {by_hand}\nand try again."
    run([*prefix, "apt-get", "update", "-qq"], failed)
    run([*prefix, *command], failed)


def root_prefix() -> list[str] | None:
    """Words to put before a command so that root runs it, or None when that needs a person."""
    quiet = "DEBIAN_FRONTEND=noninteractive"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ["env", quiet]
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", "env", quiet] if allowed.returncode == 0 else None


# ---------------------------------------------------------------------------------------------- small


def run(command: Sequence[str], failed: str) -> None:
    """Run a command; when it fails, show what it said and stop with this sentence."""
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode != 0:
        print(answer.stdout, answer.stderr, sep="\n", file=sys.stderr)
        raise SetupError(failed)


def say(sentence: str) -> None:
    """Tell the person what is happening, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
