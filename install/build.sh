#!/usr/bin/env bash
# Builds what users install: the programs of a release, into one folder.
#
#     install/build.sh DIR
#
# The helpers are linked statically: they start before a dynamic program has loaded its libraries, and run in an empty
# root. Where the toolchain has the musl target (`rustup target add x86_64-unknown-linux-musl`), every program is musl's:
# one file for glibc and Alpine. Elsewhere on Linux the helpers have glibc in them, and `codeartifact`, which looks names
# up, stays dynamic: a static glibc crashes where nsswitch.conf names a module of another glibc. Other systems link as
# they always do.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# `codeartifact` and the proxy ask AWS, and look names up; every other program is a helper.
tools=(codeartifact codeartifact-proxy)
helpers=()
for file in "$root"/crates/cli/src/bin/*.rs; do
    name="$(basename "$file" .rs)"
    [ "$name" = codeartifact-proxy ] || helpers+=("$name")
done
programs=("${tools[@]}" "${helpers[@]}")
host="$(rustc -vV | sed -n 's/^host: //p')"
target="${CARGO_TARGET_DIR:-$root/target}"
# What `--version` says; a copy without its history has none.
commit="$(git -C "$root" rev-parse --short=10 HEAD 2>/dev/null || true)"

main() {
    [ $# = 1 ] || { echo "usage: install/build.sh DIR" >&2; exit 2; }
    mkdir -p "$1"
    local folder
    folder="$(cd "$1" && pwd)"
    cd "$root"
    local musl="${host%-gnu}-musl"
    case "$host" in
        *-linux-gnu) if has_target "$musl"; then all_musl "$musl" "$folder"; else static_helpers "$folder"; fi ;;
        *) all_native "$folder" ;;
    esac
}

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }

all_musl() {
    # Ring has assembly and a little C. Debian's musl-gcc compiles it; the machine's own compiler does as well.
    local compiler="CC_${1//-/_}"
    if ! command -v musl-gcc >/dev/null && [ -z "${!compiler:-}" ]; then export "$compiler=cc"; fi
    build --target "$1" --bins
    put "$target/$1/release" "$2" "${programs[@]}"
}

# Without the default features nothing that asks AWS is compiled. --target keeps the flags from build scripts. At a fixed
# address the loader has nothing to rewrite: a warm answer takes 0.83 of an empty dynamic program's time instead of 0.88.
static_helpers() {
    local flags="${RUSTFLAGS:-} -C target-feature=+crt-static -C relocation-model=static"
    RUSTFLAGS="$flags" build --target "$host" --no-default-features "${helpers[@]/#/--bin=}"
    put "$target/$host/release" "$1" "${helpers[@]}"
    build --bin=codeartifact --bin=codeartifact-proxy
    put "$target/release" "$1" codeartifact codeartifact-proxy
}

all_native() {
    build --bins
    local suffix=""
    case "$host" in *-windows-*) suffix=".exe" ;; esac
    put "$target/release" "$1" "${programs[@]/%/$suffix}"
}

build() {
    CODEARTIFACT_COMMIT="$commit" RUSTFLAGS="${RUSTFLAGS:-} $(trimmed)" \
        cargo build --release --locked --package codeartifact-cli "$@"
}

# Panics name the files that they are in: without the folders of this machine.
trimmed() {
    local cargo="${CARGO_HOME:-$HOME/.cargo}" folder
    printf -- '--remap-path-prefix=%s=/codeartifact --remap-path-prefix=%s=/rust' "$root" "$(rustc --print sysroot)"
    # The last one that fits counts.
    printf -- ' --remap-path-prefix=%s=/cargo' "$cargo"
    for folder in "$cargo"/registry/src/*/; do printf -- ' --remap-path-prefix=%s=/crates' "${folder%/}"; done
}

# Renamed into place: a program that is running stays whole.
put() {
    local from="$1" to="$2" name
    shift 2
    for name in "$@"; do
        cp "$from/$name" "$to/.$name.new"
        mv -f "$to/.$name.new" "$to/$name"
    done
}

main "$@"
