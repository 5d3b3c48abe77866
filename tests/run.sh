#!/usr/bin/env bash
# Runs every test: fetches the pinned clients, builds, tests, and ends with one line: "N passed, N failed".
#
#     tests/run.sh             everything, the programs of install/build.sh included
#     tests/run.sh FILTER      the tests whose name contains FILTER, or those of one topic in tests/end-to-end/tests
#
# Needs a Rust toolchain, Python 3, Node and the package registries. Writes below target/ and tests/.clients only.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
filter="${1:-}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
results="$scratch/results"

main() {
    system_tools
    step "clients"
    tests/clients/fetch.sh
    step "build"
    cargo build --workspace --locked
    own_home
    step "tests"
    local broken=0
    run_tests || broken=1
    if [ -z "$filter" ]; then installed_tests || broken=1; fi
    conclude $broken
}

# What tests need of the system beside the clients: a real Secret Service, a count of instructions, a store that hosts share, and the clients that no
# registry has for a machine without them. Tests say plainly what they skip without.
system_tools() {
    local missing=()
    command -v gnome-keyring-daemon >/dev/null || missing+=(gnome-keyring)
    command -v dbus-daemon >/dev/null || missing+=(dbus)
    command -v valgrind >/dev/null || missing+=(valgrind)
    command -v mono >/dev/null || missing+=(mono-complete)
    command -v mvn >/dev/null || missing+=(maven)
    command -v javac >/dev/null || missing+=(default-jdk-headless)
    command -v bundle >/dev/null || missing+=(ruby ruby-bundler)
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v gradle >/dev/null || missing+=(gradle)
    command -v bazel-4 >/dev/null || missing+=(bazel-bootstrap)
    if [ ${#missing[@]} = 0 ]; then return; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        step "${missing[*]}"
        if install_packages "${missing[@]}" >"$scratch/apt" 2>&1; then return; fi
        tail -n 5 "$scratch/apt"
    fi
    echo "not installed: ${missing[*]}; the tests that need them will be skipped"
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -q -y --no-install-recommends "$@" ||
        { apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; }
}

# From here on nothing finds the user's home; the toolchain stays where it is.
own_home() {
    export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
    export HOME="$scratch/home" TMPDIR="$scratch/tmp"
    mkdir "$HOME" "$TMPDIR"
    # Some tests are another user for a while.
    chmod 711 "$scratch"
    : >"$results"
}

run_tests() {
    if is_topic; then
        cargo_test --package codeartifact-end-to-end --test "$filter"
    else
        cargo_test --workspace ${filter:+"$filter"}
    fi
}

is_topic() {
    local path="tests/end-to-end/tests/$filter"
    [ -n "$filter" ] && { [ -e "$path.rs" ] || [ -e "$path/main.rs" ]; }
}

# The programs as users get them.
installed_tests() {
    step "installed programs"
    install/build.sh "${CARGO_TARGET_DIR:-$root/target}/installed" &&
        cargo_test --package codeartifact-end-to-end --test binaries -- --ignored
}

cargo_test() {
    cargo test --locked --no-fail-fast "$@" 2>&1 | tee -a "$results"
}

# Cargo's own result lines, summed. A test program that could not be built, or crashed, has none: it counts as a failure.
conclude() {
    local passed failed
    passed="$(sum passed)"
    failed="$(sum failed)"
    if [ "$1" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}

sum() {
    sed -nE "s/^test result: .* ([0-9]+) $1;.*/\1/p" "$results" | awk '{ sum += $1 } END { print sum + 0 }'
}

step() { printf '\n== %s\n' "$*"; }

main
