#!/bin/sh
# Inside the emulator, by platforms.sh: a token through two roles, cold and warm, by every program, and each step of the
# connection. RUN starts a program of the other system, PROGRAMS is their folder, SUFFIX theirs.
set -eu

url=https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com

program() {
    name="$1"
    shift
    # shellcheck disable=SC2086 # a program and its arguments
    $RUN "$PROGRAMS/$name$SUFFIX" "$@"
}

program codeartifact --version
first="$(program codeartifact token "$url/pypi/my-repo/simple/" | tr -d '\r')"
second="$(program codeartifact-keyring get "$url/pypi/my-repo/simple/" aws | tr -d '\r')"
[ -n "$first" ] && [ "$first" = "$second" ] || { echo "FAILED: two programs do not share a kept token" >&2; exit 1; }
program codeartifact-goauth "$url/go/my-repo/" | tr -d '\r' | grep -q "^Authorization: " || { echo "FAILED: goauth" >&2; exit 1; }
program codeartifact-npm --print >/dev/null 2>&1 || [ $? = 3 ]
program codeartifact test acme
program codeartifact status
program codeartifact logout
echo "the story was the same"
