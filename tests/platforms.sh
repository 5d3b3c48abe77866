#!/usr/bin/env bash
# Builds for other systems from a Debian machine, and runs there what can be run. Nobody but a person starts this.
#
#     tests/platforms.sh check            type-checks everything for Windows and macOS, warnings as errors
#     tests/platforms.sh windows          builds for Windows, runs the unit tests, a token's story and real clients under Wine
#     tests/platforms.sh arm64            builds for Linux on arm64, runs a token's story under qemu
#     tests/platforms.sh musl             builds what a release ships for Linux, runs the story in a root with nothing else
#
# All of it is in a root of Debian's sid below target/platforms: made once, three gigabytes and minutes. Its rustc has the
# sources of the standard library, from which that is built for a system that Debian has none for. Needs the rights of root,
# mmdebstrap and `cargo build --workspace`, and for Windows' clients mvn, pip and npm; its own build folder keeps what it has
# compiled.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="$root/target"
place="$target/platforms"
sid="${CODEARTIFACT_SID:-$place/sid}"
windows=x86_64-pc-windows-gnu
macos=aarch64-apple-darwin
arm64=aarch64-unknown-linux-gnu
musl=x86_64-unknown-linux-musl
crates=(codeartifact-cli codeartifact-emulator)
# How the kernel knows a program of arm64's, and what it starts for it (binfmt_misc).
aarch64_programs=':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
aarch64_programs+=':\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64:P'
# What is compiled quickly, and still debugged: a panic that ends the program, as in a release.
profile=(--config profile.dev.debug=false --config 'profile.dev.panic="abort"' --config profile.dev.debug-assertions=false)

main() {
    if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
        echo "skipped: it needs the rights of root, and mmdebstrap"
        exit 0
    fi
    case "${1:-}" in
        check | windows | arm64 | musl)
            make_root
            "$1"
            ;;
        *) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
    esac
}

# Ring's build script wants a C compiler for macOS; a check links nothing.
check() {
    need rustc cargo rust-src gcc libc6-dev binutils-mingw-w64-x86-64
    inside "printf '#!/bin/sh\nwhile [ \$# -gt 0 ]; do [ \"\$1\" = -o ] && : >\"\$2\"; shift; done\n' >/usr/local/bin/no-cc
        printf '#!/bin/sh\nfor it; do case \$it in *.a) : >\"\$it\";; esac; done\n' >/usr/local/bin/no-ar
        chmod +x /usr/local/bin/no-cc /usr/local/bin/no-ar"
    local target
    for target in "$windows" "$macos"; do
        inside "export CC_${target//-/_}=no-cc AR_${target//-/_}=no-ar RUSTFLAGS='-D warnings'
            cargo check --locked -Zbuild-std=std,panic_abort --target $target $(packages)"
        echo "no error and no warning for $target"
    done
}

windows() {
    need rustc cargo rust-src gcc libc6-dev gcc-mingw-w64-x86-64 wine64
    inside "cargo build --locked -Zbuild-std=std,panic_abort --target $windows $(packages) ${profile[*]@Q}"
    inside "export WINEPREFIX=/mnt/project/target/platforms/wine WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
        [ -e \$WINEPREFIX ] || wine64 wineboot -i
        export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=wine64
        cargo test --locked --no-fail-fast --lib -Zbuild-std=std,panic_abort,test -Zpanic-abort-tests --target $windows \
            --workspace --exclude codeartifact-bench --exclude codeartifact-end-to-end ${profile[*]@Q}"
    story story.sh wine64 "$windows" .exe "cmd /c"
    "$root/tests/platforms/windows-clients.sh" "$place/windows-clients"
    story windows.sh wine64 "$windows" .exe "cmd /c"
}

arm64() {
    inside "dpkg --add-architecture arm64"
    need rustc cargo gcc libc6-dev libstd-rust-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
    inside "export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
        cargo build --locked --target $arm64 $(packages) ${profile[*]@Q}"
    emulated="$aarch64_programs" story story.sh "" "$arm64" "" "sh -c"
}

# The programs of install/build.sh, as where rustup has brought the musl target: its folder is there, and what should be in it
# is compiled. Debian's musl-gcc knows neither an unwinder nor the kernel's headers, and links no position-independent program.
musl() {
    need rustc cargo rust-src gcc libc6-dev musl-tools
    inside "mkdir -p \$(rustc --print sysroot)/lib/rustlib/$musl/lib /usr/local/musl/include
        cd /usr/local/musl
        cp \$(gcc -print-file-name=libgcc_eh.a) libunwind.a
        echo 'int _dl_find_object(void *a, void *b) { return -1; }' >stub.c
        gcc -c stub.c
        ar r libunwind.a stub.o
        ln -sfn /usr/include/linux include/linux
        ln -sfn /usr/include/asm-generic include/asm-generic
        ln -sfn /usr/include/x86_64-linux-gnu/asm include/asm
        cd /mnt/project
        export CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER=musl-gcc
        export CC_x86_64_unknown_linux_musl=musl-gcc 'CFLAGS_x86_64_unknown_linux_musl=-isystem /usr/local/musl/include'
        export RUSTFLAGS='-C target-feature=+crt-static -C link-self-contained=no -L native=/usr/local/musl -C relocation-model=static'
        install/build.sh target/platforms/musl"
    in_nothing
    in_image
}

# The image of a release, unpacked as a container engine does, and its entry point as its user.
in_image() {
    local image="$place/image" layer
    rm -rf "$image"
    mkdir -p "$image/layout" "$image/root"
    python3 "$root/install/release/image.py" "$place/musl" "$image/image.tar"
    tar -xf "$image/image.tar" -C "$image/layout"
    # The only blob that is packed.
    for layer in "$image/layout/blobs/sha256"/*; do if gzip -t "$layer" 2>/dev/null; then break; fi; done
    tar -xzf "$layer" -C "$image/root"
    chroot --userspec=65532:65532 "$image/root" /usr/bin/codeartifact --version
    chroot --userspec=65532:65532 "$image/root" /usr/bin/codeartifact-keyring --version
    [ "$(find "$image/root/usr/bin" -type f -links +1 | wc -l)" = 10 ] || { echo "FAILED: names of a file became copies" >&2; exit 1; }
    echo "the image starts"
}

# The story in a root that has the programs, a shell, /proc and /dev/null: no library, no certificate authorities but the emulator's.
in_nothing() {
    local empty="$place/nothing"
    need busybox-static
    rm -rf "$empty"
    mkdir -p "$empty/bin" "$empty/tmp" "$empty/proc" "$empty/dev" "$empty$place"
    mknod -m 666 "$empty/dev/null" c 1 3
    cp "$sid/bin/busybox" "$place/musl"/* "$root/install/demo/config.toml" "$root/tests/platforms/story.sh" "$empty/bin"
    for tool in sh env tr grep sort; do ln -s busybox "$empty/bin/$tool"; done
    # The variables of the emulator name its folder as it is outside.
    ln -s / "$empty$empty"
    # shellcheck disable=SC2016 # the inner shell's
    CODEARTIFACT_CONFIG=/bin/config.toml in_emulator "$empty/aws" unshare --mount sh -euc '
        mount -t proc proc "$1/proc"
        exec chroot "$1" /bin/env HOME=/tmp PATH=/bin RUN= PROGRAMS=/bin SUFFIX= "SHELL_THERE=sh -c" /bin/sh /bin/story.sh
    ' sh "$empty"
}

# Runs a command as the platform's user of the scenario.
in_emulator() {
    local directory="$1"
    shift
    AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY CODEARTIFACT_CACHE=file \
        "$target/debug/codeartifact-emulator" serve --directory "$directory" \
        --scenario "$root/tests/end-to-end/scenarios/two-hops.toml" -- "$@"
}

# Tells a story of tests/platforms in the root, inside the emulator. `shell` is one of that system, which gets a command as its
# next argument.
story() {
    local script="$1" run="$2" target="$3" suffix="$4" shell="$5"
    lay_out "$target" "$suffix"
    inside "export RUN='$run' PROGRAMS=/mnt/project/target/platforms/programs/$target SUFFIX='$suffix' SHELL_THERE='$shell'
        export CLIENTS=/mnt/project/target/platforms/windows-clients
        export WINEPREFIX=/mnt/project/target/platforms/wine WINEDEBUG=-all QEMU_LD_PREFIX=/usr/aarch64-linux-gnu
        export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
        export CODEARTIFACT_CONFIG=/mnt/project/install/demo/config.toml CODEARTIFACT_CACHE=file
        target/debug/codeartifact-emulator serve \
            --scenario /mnt/project/tests/end-to-end/scenarios/two-hops.toml -- sh /mnt/project/tests/platforms/$script"
}

# As install/build.sh has it: two files, with a name for each program.
lay_out() {
    local built="$place/check/$1/debug" folder="$place/programs/$1" file name
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$built/codeartifact$2" "$built/codeartifact-aws$2" "$folder"
    for file in "$root"/crates/cli/src/bin/*.rs; do
        name="$(basename "$file" .rs)"
        case "$name" in
            codeartifact-aws) ;;
            codeartifact-proxy) ln "$folder/codeartifact-aws$2" "$folder/$name$2" ;;
            *) ln "$folder/codeartifact$2" "$folder/$name$2" ;;
        esac
    done
}

packages() { printf -- '--package %s ' "${crates[@]}"; }

make_root() {
    [ ! -e "$sid/usr/bin/apt-get" ] || return 0
    mkdir -p "$place"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Check-Date "false"' --include=ca-certificates sid "$sid"
}

# Packages of Debian's, in the root.
need() {
    if ! inside "dpkg --status $* >/dev/null 2>&1"; then
        inside "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $*"
    fi
}

# Runs a script in the root, with the project and cargo's downloads in it, in mounts of its own. With `emulated` it is in a
# user namespace, in which the kernel starts those programs too (Linux 6.7): one that becomes another needs that.
inside() {
    local spaces=(--mount)
    if [ -n "${emulated:-}" ]; then spaces+=(--user --map-root-user); fi
    mkdir -p "$sid/mnt/project" "$sid/mnt/cargo" "${CARGO_HOME:-$HOME/.cargo}/registry"
    cp /etc/resolv.conf "$sid/etc/resolv.conf"
    cp /etc/ssl/certs/ca-certificates.crt "$sid/mnt/authorities.crt"
    # shellcheck disable=SC2016 # the inner shell's
    unshare "${spaces[@]}" sh -euc '
        mount --bind "$1" "$2/mnt/project"
        mount --bind "$3" "$2/mnt/cargo"
        for folder in proc dev; do mountpoint -q "$2/$folder" || mount --rbind "/$folder" "$2/$folder"; done
        # Tokens that this machine keeps in memory are none of ours to forget.
        mount -t tmpfs tmpfs "$2/dev/shm"
        if [ -n "$5" ]; then
            mount -t binfmt_misc binfmt_misc "$2/proc/sys/fs/binfmt_misc"
            printf %s "$5" >"$2/proc/sys/fs/binfmt_misc/register"
        fi
        exec chroot "$2" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            CARGO_HOME=/mnt/cargo CARGO_HTTP_CAINFO=/mnt/authorities.crt CARGO_INCREMENTAL=0 RUSTC_BOOTSTRAP=1 \
            CARGO_TARGET_DIR=/mnt/project/target/platforms/check sh -euc "cd /mnt/project; $4"
    ' sh "$root" "$sid" "${CARGO_HOME:-$HOME/.cargo}" "$1" "${emulated:-}"
}

main "$@"
