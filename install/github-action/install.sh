#!/usr/bin/env bash
# What action.yml runs: installs a release into a folder of the job, and tells the job's next steps where it is.
# Its inputs are ROLE, VERSION, RELEASES and CLIENTS; the rest is what the runner sets.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
programs="$RUNNER_TEMP/codeartifact/bin"
commands="$RUNNER_TEMP/codeartifact/commands"
suffix=""
if [ "${RUNNER_OS:-}" = Windows ]; then suffix=".exe"; fi

main() {
    if [ -z "$VERSION" ]; then VERSION="$(own_version)"; fi
    install_programs
    mkdir -p "$commands"
    local client
    for client in $CLIENTS; do lead "$client"; done
    if [ -n "$ROLE" ]; then
        set_variable CODEARTIFACT_SOURCE github-actions
        set_variable CODEARTIFACT_ROLE_ARN "$ROLE"
    fi
    add_to_path "$programs"
    # The last one comes first.
    add_to_path "$commands"
}

own_version() { sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../../Cargo.toml" | head -n 1; }

install_programs() {
    if [ "$suffix" = "" ]; then
        sh "$here/../install.sh" --to "$programs" --version "$VERSION" --from "$RELEASES"
    else
        powershell -ExecutionPolicy Bypass -File "$here/../install.ps1" -To "$programs" -Version "$VERSION" -From "$RELEASES" -NoPath
    fi
}

# What `codeartifact setup` does for a user: here by variables, which end with the job.
lead() {
    case "$1" in
        pip) stand_in codeartifact-keyring keyring && set_variable PIP_KEYRING_PROVIDER subprocess ;;
        uv) stand_in codeartifact-keyring keyring && set_variable UV_KEYRING_PROVIDER subprocess ;;
        npm) stand_in codeartifact-npm npm && stand_in codeartifact-npm npx ;;
        pnpm | yarn | bun) stand_in codeartifact-npm "$1" ;;
        go) set_variable GOAUTH "codeartifact-goauth; netrc" ;;
        none) ;;
        *) echo "::error::unknown client: $1; known are pip, uv, npm, pnpm, yarn, bun, go and none" && exit 1 ;;
    esac
}

# A program of ours under the name by which a client is started, or starts it. A link knows its folder; where there are no
# links, the file beside the copy names it.
stand_in() {
    if [ "$suffix" = "" ]; then
        ln -sf "$programs/$1" "$commands/$2"
    else
        cp "$programs/$1.exe" "$commands/$2.exe"
        cygpath -w "$programs" >"$commands/.codeartifact-programs"
    fi
}

set_variable() { echo "$1=$2" >>"$GITHUB_ENV"; }

add_to_path() { if [ "$suffix" = "" ]; then echo "$1"; else cygpath -w "$1"; fi >>"$GITHUB_PATH"; }

main
