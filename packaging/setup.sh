# Sourced by run.sh and test.sh. Makes .venv beside this folder and installs QwVis into it, with what the system lacks.
#
# The caller sets "root" (the project's folder, absolute) and calls "prepare EXTRAS X11", where X11 is "yes" when a
# window is to be shown through an X server. POSIX sh only: a bare Debian has dash and nothing else.

venv=$root/.venv
# Other users than root have no sbin in their PATH, and ldconfig lives there.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

# Library to look for, and the Debian package that has it. The first table is what Qt needs to draw at all, the second
# what it needs besides to talk to an X server. (Debian 13 calls libglib2.0-0 libglib2.0-0t64 and takes both names.)
qt_libraries='libEGL.so.1 libegl1
libGL.so.1 libgl1
libgthread-2.0.so.0 libglib2.0-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0'
x11_libraries='libxcb-cursor.so.0 libxcb-cursor0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0'

# A Python will do when it really starts (the shims of pyenv exist also for versions that are not there), is new enough
# and can make a virtual environment (Debian packs that apart).
python_will_do() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1
}

find_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11 python3 "${HOME:-}"/.pyenv/versions/*/bin/python3; do
        if python_will_do "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

font_is_there() {
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-}/.fonts" "${HOME:-}/.local/share/fonts"; do
        if [ -d "$folder" ] && find -L "$folder" -name '*.[ot]t[fc]' 2>/dev/null | grep -q .; then
            return 0
        fi
    done
    return 1
}

# Prints the Debian packages that are missing, on one line.
missing_packages() {
    if ! venv_will_do && ! find_python >/dev/null; then
        printf 'python3 python3-venv '
    fi
    known=$(ldconfig -p)
    libraries=$qt_libraries
    [ "$1" != yes ] || libraries=$qt_libraries'
'$x11_libraries
    printf '%s\n' "$libraries" | while read -r library package; do
        case $known in
        *"$library "*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
    font_is_there || printf 'fonts-dejavu-core '
}

install_packages() {
    command='apt-get update && apt-get install -y --no-install-recommends '$1
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "QwVis needs some parts of the system that are not there. On Debian they are called: $1
Please install them in the way of your system, then start again."
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true >/dev/null 2>&1; then
        as_root='sudo -n'
    else
        become='su -c'
        ! command -v sudo >/dev/null 2>&1 || become='sudo sh -c'
        stop "QwVis needs some packages of the system, and this user may not install them. Please type this, then start again:

    $become '$command'"
    fi
    say "Installing packages of the system: $1"
    log=$(mktemp)
    # No quotes round these two: an empty "as_root" is no word, and the packages are several.
    # shellcheck disable=SC2086
    if ! {
        $as_root apt-get update &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1
    } </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "The packages could not be installed; the lines above say why. To try it by hand:

    $command"
    fi
    rm -f "$log"
}

# A moved folder leaves a .venv whose scripts name the old place; one that was interrupted, or whose Python is now
# another version, has no pip.
venv_will_do() {
    grep -qF "$venv/bin/python" "$venv/bin/pip" 2>/dev/null && "$venv/bin/python" -c 'import pip' 2>/dev/null
}

make_venv() {
    python=$(find_python) || stop "QwVis needs Python 3.11 or newer, with its venv module, and found none on this machine.
Please install it (Debian 12 and newer have it: python3 python3-venv), then start again."
    rm -rf "$venv"
    "$python" -m venv "$venv" || stop "The folder $venv could not be made; the lines above say why."
}

# What an installation depends on: what is asked for, the Python, and the project's own list of packages.
wanted() {
    "$venv/bin/python" -c 'import sys; print(sys.version)'
    cat "$root/pyproject.toml"
}

# Installs the package with these extras where that has not been done since pyproject.toml changed. "all,dev" holds "all".
install_package() {
    stamp=$venv/installed-$1
    now=$(wanted | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then
        return 0
    fi
    say "Installing QwVis into $venv. The first time this takes a minute or more."
    rm -f "$venv"/installed-*
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$root[$1]" </dev/null >&2 ||
        stop "The packages of Python could not be installed; the lines above say why.
Please look at the network and the proxy settings, then start again."
    printf '%s\n' "$now" >"$stamp"
    [ "$1" != all,dev ] || cp "$stamp" "$venv/installed-all"
}

prepare() {
    if command -v ldconfig >/dev/null 2>&1; then
        packages=$(missing_packages "$2")
        [ -z "$packages" ] || install_packages "${packages% }"
    fi
    venv_will_do || make_venv
    install_package "$1"
}
