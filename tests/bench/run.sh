#!/usr/bin/env bash
# Times the helpers beside what people use today, in one run against one emulator, and prints a table.
#
#     tests/bench/run.sh [RUNS [GROUP]]      20 runs of every group; results also in tests/bench/out, as JSON and SVG
#
# Times the programs of install/build.sh, as users get them. Fetches the peers from the package registry into
# tests/.clients/bench.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
peers="$root/tests/.clients/bench"
target="${CARGO_TARGET_DIR:-$root/target}"

build() {
    cd "$root"
    install/build.sh "$target/installed"
    cargo build --quiet --release --locked --package codeartifact-emulator --package codeartifact-bench
}

fetch_peers() {
    local stamp="awscli==1.46.3 keyrings.codeartifact==2.1.2 keyring==25.7.0"
    if [ "$(cat "$peers/.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
    rm -rf "$peers"
    python3 -m venv "$peers"
    # shellcheck disable=SC2086  # a list of requirements
    "$peers/bin/pip" install --quiet $stamp
    echo "$stamp" >"$peers/.stamp"
}

build
fetch_peers
"$root/tests/clients/fetch.sh" pip uv npm go
bus=()
if command -v dbus-run-session >/dev/null; then bus=(dbus-run-session --); fi
exec "${bus[@]}" "$peers/bin/python" "$here/bench.py" --programs "$target/installed" --tools "$target/release" --peers "$peers/bin" \
    --clients "$root/tests/.clients" --scenario "$here/scenario.toml" --out "$here/out" --runs "${1:-20}" --only "${2:-}"
