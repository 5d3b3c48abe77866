#!/usr/bin/env bash
# Builds what users install: the programs of a release, into one folder.
#
#     install/build.sh DIR
#
# Two files: `codeartifact`, which is every helper too, and `codeartifact-aws`, which has the commands, the proxy and what
# asks AWS. Each has a name for every program that it is: hard links, so a folder of programs can be copied one by one.
#
# The first is linked statically: it starts before a dynamic program has loaded its libraries, and runs in an empty root.
# Where the toolchain has the musl target (`rustup target add x86_64-unknown-linux-musl`), both are musl's: for glibc and
# Alpine alike. Elsewhere on Linux the first has glibc in it, and `codeartifact-aws`, which looks names up, stays dynamic: a
# static glibc crashes where nsswitch.conf names a module of another glibc. Other systems link as they always do.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
small=codeartifact
large=codeartifact-aws
proxy=codeartifact-proxy
helpers=()
for file in "$root"/crates/cli/src/bin/*.rs; do
    name="$(basename "$file" .rs)"
    case "$name" in "$large" | "$proxy") ;; *) helpers+=("$name") ;; esac
done
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
        *-linux-gnu) if has_target "$musl"; then all_musl "$musl" "$folder"; else static_and_dynamic "$folder"; fi ;;
        *) all_native "$folder" ;;
    esac
}

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }

all_musl() {
    # Ring has assembly and a little C. Debian's musl-gcc compiles it; the machine's own compiler does as well.
    local compiler="CC_${1//-/_}"
    if ! command -v musl-gcc >/dev/null && [ -z "${!compiler:-}" ]; then export "$compiler=cc"; fi
    build --target "$1" --no-default-features --bin="$small"
    put "$target/$1/release" "$2" "$small"
    build --target "$1" --bin="$large"
    put "$target/$1/release" "$2" "$large"
    name_them "$2"
}

# Without the default features nothing that asks AWS is compiled. --target keeps the flags from build scripts. At a fixed
# address the loader has nothing to rewrite: a warm answer takes 0.83 of an empty dynamic program's time instead of 0.88.
static_and_dynamic() {
    local flags="${RUSTFLAGS:-} -C target-feature=+crt-static -C relocation-model=static"
    RUSTFLAGS="$flags" build --target "$host" --no-default-features --bin="$small"
    put "$target/$host/release" "$1" "$small"
    build --bin="$large"
    put "$target/release" "$1" "$large"
    name_them "$1"
}

all_native() {
    local suffix=""
    case "$host" in
        *-windows-*) suffix=".exe" ;;
    esac
    build --bin="$small" --bin="$large"
    put "$target/release" "$1" "$small$suffix" "$large$suffix"
    name_them "$1" "$suffix"
}

# A name for each program. A copy where the file system has no hard links.
name_them() {
    local suffix="${2:-}" name
    for name in "${helpers[@]}"; do link "$1" "$small$suffix" "$name$suffix"; done
    link "$1" "$large$suffix" "$proxy$suffix"
}

link() {
    ln "$1/$2" "$1/.$3.new" 2>/dev/null || cp "$1/$2" "$1/.$3.new"
    mv -f "$1/.$3.new" "$1/$3"
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
