#!/usr/bin/env bash
# Packs a release for this platform: everything that users download, in target/release-VERSION.
#
#     install/release.sh VERSION             builds the programs (install/build.sh), then packs them
#     install/release.sh VERSION PROGRAMS    packs the programs of that folder
#
# The same programs give the same bytes: files are sorted, and dated by the commit; tests/release/pack.sh packs twice.
# RELEASES, the URL below which releases are published, goes into install.sh and install.ps1. Needs Rust, Python 3.11, Node,
# and on Linux dpkg-deb for the .deb. install/release/join.sh makes one release of those of several systems.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
tools="$target/tools"
SOURCE_DATE_EPOCH="$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 1577836800)"
export SOURCE_DATE_EPOCH
umask 022

main() {
    [ $# = 1 ] || [ $# = 2 ] || { echo "usage: install/release.sh VERSION [PROGRAMS]" >&2; exit 2; }
    version="$1"
    check_version
    out="$target/release-$version"
    rm -rf "$out"
    mkdir -p "$out"
    programs="$(cd "$(programs_of "${2:-}")" && pwd)"
    system="$(rustc -vV | sed -nE 's/^host: ([^-]*)-.*-(linux|darwin|windows).*/\1-\2/p')"
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    "$root/install/notices.py" "$work/notices"
    lay_out
    archive
    if [ "${system#*-}" = linux ]; then debian; fi
    wheel
    npm_packages
    image
    bill_of_materials
    scripts
    "$root/install/release/archive.py" --sums "$out"
    ls -l "$out"
}

check_version() {
    local workspace
    workspace="$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")"
    [ "$version" = "$workspace" ] || { echo "release.sh: Cargo.toml has version $workspace, not $version" >&2; exit 2; }
}

programs_of() {
    if [ -n "$1" ]; then echo "$1"; return; fi
    "$root/install/build.sh" "$target/installed" >&2
    echo "$target/installed"
}

# One tree, from which the archive and the .deb are made: bin, share, documents.
lay_out() {
    local shell
    tree="$work/codeartifact-$version-$system"
    mkdir -p "$tree/bin" "$tree/share/man/man1"
    # Not one by one: two names of one file stay that.
    cp -a "$programs"/* "$tree/bin"
    chmod 755 "$tree"/bin/*
    cp "$root/LICENSE" "$root/README.md" "$root/crates/CHANGELOG.md" "$tree"
    cp "$work/notices" "$tree/THIRD-PARTY-NOTICES.txt"
    # As tests/run.sh builds it, so that neither compiles what the other has compiled.
    (cd "$root" && cargo build --quiet --locked --workspace --example pages)
    "$target/debug/examples/pages" "$tree/share/man/man1"
    for shell in bash:bash-completion/completions/codeartifact zsh:zsh/site-functions/_codeartifact \
        fish:fish/vendor_completions.d/codeartifact.fish; do
        mkdir -p "$(dirname "$tree/share/${shell#*:}")"
        "$tree/bin/codeartifact" completions "${shell%%:*}" >"$tree/share/${shell#*:}"
    done
}

archive() { "$root/install/release/archive.py" "$tree" "$out/$(basename "$tree").tar.gz"; }

debian() {
    local package="$work/debian" architecture
    command -v dpkg-deb >/dev/null || { echo "no dpkg-deb here: no .deb is made" >&2; return; }
    architecture="$(dpkg --print-architecture)"
    mkdir -p "$package/DEBIAN" "$package/usr/share/doc/codeartifact"
    cp -a "$tree/bin" "$tree/share" "$package/usr"
    cp "$tree/LICENSE" "$package/usr/share/doc/codeartifact/copyright"
    gzip --no-name --best "$package"/usr/share/man/man1/*
    sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$(debian_depends)/" \
        -e '/^Depends: $/d' "$root/install/release/debian-control" >"$package/DEBIAN/control"
    dpkg-deb --root-owner-group -Zxz --build "$package" "$out/codeartifact_${version}_$architecture.deb" >/dev/null
}

# A dynamic program needs the C library whose symbols it takes.
debian_depends() {
    local needed
    needed="$(grep -aoE 'GLIBC_2\.[0-9]+' "$programs/codeartifact-aws" | sort -Vu | tail -n 1)"
    [ -z "$needed" ] || echo "libc6 (>= ${needed#GLIBC_}), libgcc-s1"
}

wheel() {
    local hatchling
    hatchling="$(hatchling)"
    cp "$work/notices" "$root/install/python/THIRD-PARTY-NOTICES.txt"
    (cd "$root/install/python" && CODEARTIFACT_PROGRAMS="$programs" "$hatchling" build --target wheel --directory "$out")
}

# What packs wheels, pinned as the tests have it.
hatchling() {
    local pinned folder="bin"
    pinned="$(awk '$1 == "hatchling" { print $3 }' "$root/tests/clients/versions.txt")"
    if has_hatchling "$root/tests/.clients/hatchling/bin"; then
        echo "$root/tests/.clients/hatchling/bin/hatchling"
        return
    fi
    if [ "${system#*-}" = windows ]; then folder="Scripts"; fi
    if ! has_hatchling "$tools/python/$folder"; then
        python3 -m venv --clear "$tools/python" >&2
        "$tools/python/$folder/pip" install --quiet --constraint "$root/tests/clients/constraints.txt" "$pinned" >&2
    fi
    echo "$tools/python/$folder/hatchling"
}

has_hatchling() { [ "$("$1/hatchling" --version 2>/dev/null)" = "Hatchling ${pinned#*==}" ]; }

npm_packages() {
    local platform="${system#*-}-${system%-*}"
    platform="${platform/x86_64/x64}"
    platform="${platform/aarch64/arm64}"
    platform="${platform/windows/win32}"
    node "$root/install/npm/stage.js" "$work/npm" "$work/notices" "$platform=$programs"
    (cd "$out" && npm pack --silent "$work/npm/$platform" "$work/npm/codeartifact-npm" >/dev/null)
}

is_dynamic() { grep -aqE 'GLIBC_2\.[0-9]+' "$programs/codeartifact-aws"; }

# Nothing but the programs and certificate authorities, so all of them have to be static.
image() {
    if [ "${system#*-}" != linux ] || is_dynamic; then
        echo "codeartifact-aws is linked dynamically: no image is made (build with the musl target)" >&2
        return
    fi
    python3 "$root/install/release/image.py" "$programs" "$out/codeartifact-$version-$system-image.tar"
}

bill_of_materials() { "$root/install/bom.py" "$out/codeartifact-$version-$system.cdx.json"; }

scripts() {
    local script
    for script in install.sh install.ps1; do
        sed -e "s|@VERSION@|$version|" -e "s|@RELEASES@|${RELEASES:-}|" "$root/install/$script" >"$out/$script"
        chmod 755 "$out/$script"
    done
}

main "$@"
