#!/bin/sh
# Installs the programs of a release, for this user alone: no root, nothing but the programs.
#
#     curl -fsSL URL/install.sh | sh
#     sh install.sh [--to DIR] [--version VERSION] [--from URL]
#
# Downloads the archive for this system, checks it against SHA256SUMS of the release, and puts the programs into
# ~/.local/bin. Where the GitHub CLI is signed in, it asks GitHub who built a release that comes from there.
# Run it again to update. `codeartifact uninstall --programs` removes everything.
set -eu

to="${HOME:?}/.local/bin"
version="@VERSION@"
from="${CODEARTIFACT_RELEASES:-@RELEASES@}"

main() {
    while [ $# -gt 0 ]; do
        [ $# -gt 1 ] || fail "unexpected argument: $1" "usage: install.sh [--to DIR] [--version VERSION] [--from URL]"
        case "$1" in
            --to) to="$2" ;;
            --version) version="$2" ;;
            --from) from="$2" ;;
            *) fail "unexpected argument: $1" "usage: install.sh [--to DIR] [--version VERSION] [--from URL]" ;;
        esac
        shift 2
    done
    case "$from" in "" | @*) fail "no URL of the releases is known" "name it: --from URL" ;; esac
    name="codeartifact-$version-$(system)"
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    download "$name.tar.gz"
    download SHA256SUMS
    check "$name.tar.gz"
    ask_who_built_it
    put
    tell
}

# As the archives are named.
system() {
    case "$(uname -m)" in
        x86_64 | amd64) machine=x86_64 ;;
        aarch64 | arm64) machine=aarch64 ;;
        *) fail "no release for $(uname -m)" "build from source: install/build.sh DIR" ;;
    esac
    case "$(uname -s)" in
        Linux) echo "$machine-linux" ;;
        Darwin) echo "$machine-darwin" ;;
        *) fail "no release for $(uname -s)" "on Windows run install.ps1" ;;
    esac
}

download() {
    if command -v curl >/dev/null; then
        curl -fsSL --retry 3 -o "$work/$1" "$from/$version/$1" || fail "cannot download $from/$version/$1" "check the version and the URL"
    elif command -v wget >/dev/null; then
        wget -q -O "$work/$1" "$from/$version/$1" || fail "cannot download $from/$version/$1" "check the version and the URL"
    else
        fail "neither curl nor wget is installed" "install one of them"
    fi
}

check() {
    if command -v sha256sum >/dev/null; then sum=sha256sum; else sum="shasum -a 256"; fi
    (cd "$work" && grep " [ *]\{0,1\}$1\$" SHA256SUMS >sum && $sum -c sum >/dev/null 2>&1) ||
        fail "$1 is not the file that the release lists in SHA256SUMS" "download again; if it stays, report it"
}

# A checksum beside the archive stops no one who can replace both. GitHub signs what a workflow of the repository built, for
# which `gh attestation verify` needs to be signed in: https://docs.github.com/actions/security-guides/using-artifact-attestations
ask_who_built_it() {
    signed="no signature was checked"
    repository="$(echo "$from" | sed -n 's|^https://github\.com/\([^/]*/[^/]*\)/releases/download$|\1|p')"
    if [ -z "$repository" ] || ! gh auth status >/dev/null 2>&1; then return; fi
    gh attestation verify "$work/SHA256SUMS" --repo "$repository" >/dev/null 2>&1 ||
        fail "GitHub has no attestation that $repository built this release" \
            "see what it says: gh attestation verify SHA256SUMS --repo $repository"
    signed="built by $repository, as GitHub attests"
}

# Renamed into place: a program that is running stays whole, no program is ever half written, and two names of one file stay
# that.
put() {
    mkdir -p "$to"
    unpacked="$(mktemp -d "$to/.codeartifact.XXXXXX")"
    trap 'rm -rf "$work" "$unpacked"' EXIT
    tar -xzf "$work/$name.tar.gz" -C "$unpacked"
    for program in "$unpacked/$name"/bin/*; do mv -f "$program" "$to"; done
}

tell() {
    echo "installed $("$to/codeartifact" --version) in $to"
    echo "checked: its SHA-256 sum; $signed"
    case ":$PATH:" in
        *":$to:"*) ;;
        *) echo "put it on PATH, in your shell's profile: export PATH=\"$to:\$PATH\"" ;;
    esac
    echo "next: codeartifact setup pip --url URL (or uv, npm, go, …), then use that client as always"
}

fail() {
    echo "install.sh: $1" >&2
    echo "  hint: $2" >&2
    exit 1
}

main "$@"
