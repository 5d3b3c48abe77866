#!/bin/sh
# Inside the emulator, by platforms.sh, under Wine: real clients for Windows install private packages through our setups, with
# the token in the Credential Manager; then everything is undone. CLIENTS is the folder of windows-clients.sh, PROGRAMS ours.
set -eu

repository=https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com
home="$WINEPREFIX/drive_c/users/root"
local_data="$home/AppData/Local/codeartifact"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A path of this system, as Wine has it.
there() { printf 'Z:%s' "$1" | tr / '\134'; }

# The emulator's variables are for programs of this system.
unset PIP_CONFIG_FILE CODEARTIFACT_CACHE
PYTHONPATH="$(there "$CLIENTS/pip")"
WINEPATH='C:\users\root\AppData\Local\codeartifact\data\shims;C:\users\root\.local\bin'
for folder in "$PROGRAMS" "$CLIENTS/python" "$CLIENTS/nodejs" "$CLIENTS/go/bin"; do WINEPATH="$WINEPATH;$(there "$folder")"; done
export PYTHONPATH WINEPATH

# By cmd, as a person starts it. Node under Wine needs files as its streams.
windows() {
    wine64 cmd /c "$@" >"$work/said" 2>&1 </dev/null || fail "$*"
}

fail() {
    cat "$work/said" >&2
    echo "FAILED: $1" >&2
    exit 1
}

says() { grep -q "$1" "$work/said" || fail "it does not say: $1"; }

with_pip() {
    # As pip's own installer does; else its first run takes longer under Wine than a setup waits for it.
    windows python -m compileall -q "$PYTHONPATH"
    windows codeartifact setup pip acme
    windows python -m pip install --no-deps --target pip my-package
    [ -e pip/my_package.py ] || fail "pip has installed nothing"
    windows codeartifact setup pip --undo
    [ ! -e "$home/.local/bin/keyring.exe" ] && [ ! -e "$home/.local/bin/.codeartifact-programs" ] || fail "keyring.exe stays"
    windows codeartifact exec --connection acme -- python -m pip download --no-deps my-package
    [ -e my_package-1.1.0-py3-none-any.whl ] || fail "pip has downloaded nothing by exec"
}

# Windows does not mind the case of a command.
with_npm() {
    windows codeartifact setup npm acme --scope @my-scope
    echo '{}' >package.json
    windows NPM install @my-scope/my-package
    [ -e node_modules/@my-scope/my-package ] || fail "npm has installed nothing"
    windows codeartifact setup npm --undo
    [ ! -e "$local_data/data/shims/npm.exe" ] || fail "npm.exe stays"
}

# Go asks Windows for the authorities that it trusts, which for Wine are this system's.
with_go() {
    cat /etc/ssl/certs/ca-certificates.crt "$SSL_CERT_FILE" >"$work/authorities.pem"
    mount --bind "$work/authorities.pem" /etc/ssl/certs/ca-certificates.crt
    printf 'module example.com/m\n\ngo 1.24\n' >go.mod
    export GOPROXY="$repository/go/my-repo/" GOFLAGS=-mod=mod
    GOAUTH=codeartifact-goauth windows go get example.com/private/greeting
    grep -q example.com/private/greeting go.mod || fail "go has found nothing"
    windows codeartifact exec --connection acme -- go mod download example.com/private/greeting
    umount /etc/ssl/certs/ca-certificates.crt
}

# Its own programs run meanwhile.
without_a_trace() {
    windows codeartifact status
    says "this system's keyring"
    windows codeartifact uninstall --programs
    [ ! -e "$local_data" ] || fail "the folder of our data stays"
    [ -z "$(ls -A "$PROGRAMS")" ] || fail "programs stay"
}

mkdir "$work/project"
cd "$work/project"
windows codeartifact logout
for client in pip npm go; do
    "with_$client"
    echo "$client for Windows has what it asked for"
done
without_a_trace
echo "the clients for Windows were served, and no trace is left"
