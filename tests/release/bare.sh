#!/usr/bin/env bash
# Installs a release by every way that it has, where nothing is but Debian's minbase, curl, Python and Node; installs the first
# private package with it; removes it again, and shows which files stay.
#
#     tests/release/bare.sh [RELEASE [WAY…]]     target/release-VERSION of install/release.sh, and all of ways.sh
#
# Every way has a fresh copy of that root and no network but loopback, where the release is served; AWS is the emulator. The
# registries are asked once, to make the root. Needs the rights of root, mmdebstrap, and `cargo build --workspace`.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
place="$target/platforms"
here="$root/tests/release"
# What is in the root; another list makes another root.
packages=ca-certificates,curl,python3,python3-venv,python3-pip,nodejs

main() {
    local version passed=0 failed=0 way all=()
    version="$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")"
    release="$(cd "${1:-$target/release-$version}" && pwd)"
    shift || true
    can_run || exit 0
    make_root
    [ $# -gt 0 ] || mapfile -t all < <(sed -n 's/^\([a-z_]*\)_installs() .*/\1/p' "$here/ways.sh")
    for way in "${@:-${all[@]}}"; do
        if try "$way" "$version"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    done
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}

can_run() {
    if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
        echo "skipped: the bare root needs the rights of root, and mmdebstrap"
        return 1
    fi
}

make_root() {
    local made
    made="$packages $(pinned npm-10 uv pipx poetry keyring pip)"
    if [ "$(cat "$place/bare.made" 2>/dev/null)" = "$made" ]; then return; fi
    rm -rf "$place/bare" "$place/wheels"
    mkdir -p "$place"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" \
        bookworm "$place/bare"
    # Node's own npm. Debian's is four hundred packages.
    mkdir -p "$place/bare/usr/local/lib/node_modules"
    cp -r "$root/tests/.clients/npm-10/node_modules/npm" "$place/bare/usr/local/lib/node_modules"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$place/bare/usr/local/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$place/bare/usr/local/bin/npx"
    chroot "$place/bare" useradd --create-home --shell /bin/bash ada
    # What a user's registry has: the tools that the wheel goes into.
    # shellcheck disable=SC2046 # a word for each
    "$root/tests/.clients/pip/bin/pip" download --quiet --only-binary :all: --dest "$place/wheels" \
        $(pinned uv pipx poetry keyring pip)
    echo "$made" >"$place/bare.made"
}

# The packages of these clients, as the tests have them.
pinned() {
    local name
    for name in "$@"; do awk -v name="$name" '$1 == name { print $3 }' "$root/tests/clients/versions.txt"; done
}

# A root over the bare one, with namespaces of its own; what it changed is in `upper` afterwards.
try() {
    local way="$1" work="$place/over" code=0
    mkdir -p "$work"
    # Overlays cannot lie over each other.
    mount -t tmpfs none "$work"
    mkdir -p "$work/upper" "$work/work" "$work/root"
    unshare --mount --net --pid --fork --kill-child bash -c "$(declare -f enter); enter \"\$@\"" enter \
        "$work" "$place" "$root" "$release" "$target" "$way" "$2" || code=$?
    umount -l "$work"
    return "$code"
}

enter() {
    set -euo pipefail
    local work="$1" place="$2" repository="$3" release="$4" target="$5" way="$6" version="$7" inside
    inside="$work/root"
    mount -t overlay overlay -o "lowerdir=$place/bare,upperdir=$work/upper,workdir=$work/work" "$inside"
    mount -t proc proc "$inside/proc"
    mount --rbind /dev "$inside/dev"
    # Tokens are kept in memory: each way has its own.
    mount -t tmpfs none "$inside/dev/shm"
    mkdir -p "$inside/srv/releases/$version" "$inside/srv/tests" "$inside/srv/wheels" "$inside/srv/upper"
    mount --bind "$release" "$inside/srv/releases/$version"
    mount --bind "$repository/tests" "$inside/srv/tests"
    mount --bind "$place/wheels" "$inside/srv/wheels"
    mount --bind "$work/upper" "$inside/srv/upper"
    cp "$target/debug/codeartifact-emulator" "$inside/srv"
    ip link set lo up
    # The user's own temporary and runtime files go with the copy.
    chroot "$inside" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        /srv/tests/release/ways.sh "$way" "$version"
}

main "$@"
