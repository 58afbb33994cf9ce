#!/bin/sh
# Starts QwVis; the first time it installs what is missing. With files as arguments it opens them, without any it opens
# a sample with the offline engine chosen, so that Run works at once.
#
#     sh packaging/run.sh [FILE ...]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/setup.sh"

display=${DISPLAY:-}${WAYLAND_DISPLAY:-}
[ "$(uname -s)" = Linux ] || display=native
x11=no
[ -z "${DISPLAY:-}" ] || x11=yes
prepare all "$x11"

if [ $# -gt 0 ] && { [ -n "$display" ] || [ ! -e "$1" ]; }; then
    exec "$venv/bin/python" -m qwvis_desktop "$@"
fi
if [ -n "$display" ]; then
    exec "$venv/bin/python" -m qwvis_desktop open --demo
fi
say "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so the window is drawn off screen and saved as a picture."
if [ $# -gt 0 ]; then
    exec "$venv/bin/python" -m qwvis_desktop open --off-screen "$@"
fi
exec "$venv/bin/python" -m qwvis_desktop open --demo --off-screen
