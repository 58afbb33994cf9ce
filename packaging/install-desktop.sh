#!/bin/sh
# Puts QwVis into the menu of programs and lets it open projects (.qwvis) and pictures from the file manager, for the
# user who calls it. The program itself must be installed (qwvis), or have been started once with packaging/run.sh.
#
#     sh packaging/install-desktop.sh             install
#     sh packaging/install-desktop.sh --remove    take it out again
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/qwvis.desktop
mime=$data/mime/packages/qwvis.xml
icon=$data/icons/hicolor/scalable/apps/qwvis.svg

refresh() {
    # These are there on every desktop; without them the entries are found after the next login.
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime"; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database "$data/applications"; fi
}

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$mime" "$icon"
    if [ -d "$data/mime" ]; then refresh; fi
    echo "QwVis was taken out of the menu."
    exit 0
fi

if command -v qwvis >/dev/null; then
    program=$(command -v qwvis)
elif [ -x "$root/.venv/bin/qwvis" ]; then
    program=$root/.venv/bin/qwvis
else
    echo "QwVis is not installed yet. Type: sh packaging/run.sh" >&2
    exit 1
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$mime")" "$(dirname "$icon")"
# A path with spaces stands in quotes in such a file.
sed "s|@EXEC@|\"$program\"|" "$root/packaging/desktop/qwvis.desktop" >"$entry"
cp "$root/packaging/desktop/qwvis-mime.xml" "$mime"
cp "$root/resources/qwvis.svg" "$icon"
refresh
echo "QwVis is in the menu, and opens .qwvis files."
