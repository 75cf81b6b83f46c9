#!/usr/bin/env bash
# Build the wheel, install it into a fresh virtual environment and start it from there.
# Its dependencies are lent by the project's own environment: nothing is downloaded twice.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

.venv/bin/python -m build --wheel --no-isolation --outdir "$scratch/dist" . >"$scratch/build.log" 2>&1 ||
    { cat "$scratch/build.log"; exit 1; }

.venv/bin/python -m venv --without-pip "$scratch/venv"
.venv/bin/python -m pip --python "$scratch/venv/bin/python" install --quiet --no-deps --no-index "$scratch"/dist/*.whl
lender=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
borrower=$("$scratch/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
for part in "$lender"/*; do
    case "${part##*/}" in
        posapp | posapp-* | _posapp* | __pycache__) ;;
        *.pth) ;;
        *) [ -e "$borrower/${part##*/}" ] || ln -s "$part" "$borrower/" ;;
    esac
done

cd "$scratch"
export POSAPP_DATA_DIR="$scratch/data" QT_QPA_PLATFORM=offscreen
venv/bin/python - <<'CHECK'
import pathlib
import posapp
from posapp import resources

home = pathlib.Path(posapp.__file__).parent
assert home.is_relative_to(pathlib.Path.cwd()), f"not the installed copy: {home}"
assert resources.path("theme/tokens.json").is_relative_to(home)
assert resources.data("icons/regular/check.svg").startswith(b"<svg")
CHECK
version=$(venv/bin/posapp --version)
expected=$(venv/bin/python -c 'import posapp; print(posapp.__version__)')
case "$version" in
    *"$expected"*) echo "wheel: installs, starts ($version), resources inside" ;;
    *) echo "wheel: posapp --version says '$version', expected $expected" >&2; exit 1 ;;
esac
