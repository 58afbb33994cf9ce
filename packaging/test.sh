#!/bin/sh
# Checks everything: style, types, import contracts, tests. Stops at the first stage that fails and names it.
#
#     sh packaging/test.sh [ARGUMENTS OF PYTEST ...]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/setup.sh"
prepare all,dev no
cd "$root"

stage() {
    name=$1
    shift
    say "== $name"
    "$@" </dev/null || {
        status=$?
        say "The stage \"$name\" failed (exit code $status)."
        exit "$status"
    }
}

QT_QPA_PLATFORM=offscreen
export QT_QPA_PLATFORM
# Tests start the program dozens of times, and each start would compile it anew where the environment (many containers)
# forbids to keep what is compiled. It is kept beside the packages, so that the project's folder stays as it is.
unset PYTHONDONTWRITEBYTECODE
PYTHONPYCACHEPREFIX=$venv/compiled
export PYTHONPYCACHEPREFIX
stage 'ruff check' "$venv/bin/python" -m ruff check --quiet .
stage 'ruff format' "$venv/bin/python" -m ruff format --check --quiet .
if [ $# -eq 0 ]; then
    # mypy leaves a processor free. To compile all tests takes one 20 seconds, and each that runs them would do it again.
    "$venv/bin/python" -m pytest --collect-only -q </dev/null >/dev/null 2>&1 &
    compiling=$!
    trap 'kill "$compiling" 2>/dev/null || :' EXIT
fi
stage 'mypy' "$venv/bin/python" -m mypy --no-error-summary
stage 'import contracts' "$venv/bin/lint-imports"
if [ $# -eq 0 ]; then
    wait "$compiling" || :
    trap - EXIT
fi
# All of it runs on all cores; a part that is asked for starts sooner on one.
[ $# -gt 0 ] || set -- -n auto --dist worksteal
stage 'pytest' "$venv/bin/python" -m pytest "$@"
