#!/usr/bin/env bash
# Two runs of a release give the same bytes.
#
#     tests/release/pack.sh [PROGRAMS]     packs the programs of that folder twice (target/installed of install/build.sh)
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
version="$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

pack_twice() {
    local run
    for run in 1 2; do
        "$root/install/release.sh" "$version" "$1" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
        cp "$target/release-$version/SHA256SUMS" "$work/$run"
        # Nothing may hang on the second of the clock, nor on the order of a folder.
        sleep 2
    done
    compare "$(wc -l <"$work/1") files of a release"
}

compare() {
    diff "$work/1" "$work/2" || { echo "FAILED: not the same bytes: $1"; exit 1; }
    echo "the same bytes twice: $1"
}

pack_twice "${1:-$target/installed}"
