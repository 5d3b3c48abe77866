#!/usr/bin/env bash
# Makes one release of those that install/release.sh has made on several systems.
#
#     install/release/join.sh OUT RELEASE…
#
# Takes every file of every RELEASE. Only the npm package `codeartifact-npm` is made anew: it names the packages of all these
# systems. Needs Python 3 and Node.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
SOURCE_DATE_EPOCH="$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 1577836800)"
export SOURCE_DATE_EPOCH

main() {
    [ $# -gt 1 ] || { echo "usage: join.sh OUT RELEASE…" >&2; exit 2; }
    out="$1"
    shift
    mkdir -p "$out"
    out="$(cd "$out" && pwd)"
    local release
    for release in "$@"; do take "$release"; done
    npm_package
    "$root/install/release/archive.py" --sums "$out"
}

# What two systems have by one name is the same: a script, for instance.
take() {
    local file name
    for file in "$1"/*; do
        name="$(basename "$file")"
        case "$name" in SHA256SUMS | codeartifact-npm-[0-9]*) continue ;; esac
        if [ -e "$out/$name" ] && ! cmp -s "$file" "$out/$name"; then
            echo "join.sh: $name is not the same in every release" >&2
            exit 1
        fi
        cp "$file" "$out"
    done
}

npm_package() {
    local work package platforms=()
    work="$(mktemp -d)"
    for package in "$out"/codeartifact-npm-[a-z]*.tgz; do
        platforms+=("$(basename "$package" | sed -E 's/^codeartifact-npm-([a-z0-9]+-[a-z0-9]+)-.*/\1/')")
    done
    node "$root/install/npm/stage.js" "$work" none "${platforms[@]}"
    (cd "$out" && npm pack --silent "$work/codeartifact-npm" >/dev/null)
    rm -rf "$work"
}

main "$@"
