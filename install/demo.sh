#!/usr/bin/env bash
# The main job, shown with the real pip, npm, go and cargo: each installs a private package through a chain of two roles.
# AWS is the emulator, on loopback. Everything happens in temporary folders, which go when it ends.
#
#     install/demo.sh
#
# Needs a Rust toolchain, Python 3 and Node. The first run builds, and fetches the clients into tests/.clients;
# after that it needs no network and takes less than a minute.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
clients="$root/tests/.clients"
programs="${CARGO_TARGET_DIR:-$root/target}/debug"
work="$(mktemp -d)"
# What a login has for its run-time files, in memory: the token is kept there, and in no file on a disk.
memory="$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)"
# Go makes the modules that it fetched read-only.
trap 'chmod -R u+w "$work"; rm -rf "$work" "$memory"' EXIT

main() {
    echo "Building the programs and fetching the clients …"
    # The same build as that of tests/run.sh, so that neither compiles what the other has compiled.
    (cd "$root" && cargo build --workspace --locked)
    "$root/tests/clients/fetch.sh" pip npm go
    link_programs
    configure
    take_the_tour
}

# The PATH of the tour: our programs, as a user installs them, and the clients.
link_programs() {
    mkdir "$work/bin"
    ln -s "$programs/codeartifact" "$programs/codeartifact-npm" "$programs/codeartifact-goauth" \
        "$programs/codeartifact-cargo" "$work/bin"
    ln -s "$programs/codeartifact-keyring" "$work/bin/keyring"
    ln -s "$clients/pip/bin/pip" "$clients/npm/bin/npm" "$clients/go/bin/go" "$work/bin"
    # Not by the names that a toolchain manager has: those look for its folders below the home.
    ln -s "$(rustc --print sysroot)"/bin/{cargo,rustc} "$work/bin"
    ln -s "$clients/machine/bin/python3" "$clients/machine/bin/node" "$work/bin"
}

# All that our programs are told, once and for all clients.
configure() {
    mkdir -p "$work/home/.config/codeartifact" "$work/aws"
    cp "$root/install/demo/config.toml" "$work/home/.config/codeartifact"
}

# Only what is named here reaches the tour. The key is that of the scenario's user; it opens nothing elsewhere.
take_the_tour() {
    cd "$work/home"
    env -i HOME="$work/home" PATH="$work/bin:/usr/bin:/bin" TMPDIR="$work" LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        XDG_RUNTIME_DIR="$memory" DEMO="$root/install/demo" JOURNAL="$work/aws/journal.jsonl" \
        AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \
        AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
        "$programs/codeartifact-emulator" serve \
        --scenario "$root/tests/end-to-end/scenarios/two-hops.toml" --directory "$work/aws" \
        -- "$root/install/demo/tour.sh"
}

main
