#!/bin/sh
# Makes the virtual environment from a lock file, or says clearly what is missing.
# usage: make_venv.sh <folder> <lock file>
set -eu
venv=$1
lock=$2

suits() { "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$venv/bin/python" ]; then
    python=
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && suits "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Python 3.11 or newer is missing. Install it, or name it: make PYTHON=/path/to/python3 ..." >&2
        exit 1
    fi
    echo "Creating $venv with $("$python" --version)"
    if ! "$python" -m venv "$venv" >"$venv.log" 2>&1; then
        cat "$venv.log" >&2
        rm -rf "$venv" "$venv.log"
        echo "Python's venv module does not work. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
    rm -f "$venv.log"
fi
echo "Installing from $lock"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"; then
    echo "The packages of $lock could not be installed: is there a way to a Python package index?" >&2
    exit 1
fi
