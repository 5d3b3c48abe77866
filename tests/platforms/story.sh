#!/bin/sh
# Inside the emulator, by platforms.sh: a token through two roles, cold and warm, by every program, and each step of the
# connection. RUN starts a program of the other system, PROGRAMS is their folder, SUFFIX theirs; SHELL_THERE is a shell of that
# system, which gets a command as its next argument.
set -eu

url=https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com

program() {
    name="$1"
    shift
    # shellcheck disable=SC2086 # a program and its arguments
    $RUN "$PROGRAMS/$name$SUFFIX" "$@"
}

fail() {
    echo "FAILED: $1" >&2
    exit 1
}

# Each answer is another program's, by the name of its file.
same_token_by_all() {
    first="$(program codeartifact-keyring get "$url/pypi/my-repo/simple/" aws | tr -d '\r')"
    [ -n "$first" ] || fail "no token by codeartifact-keyring"
    program codeartifact token "$url/pypi/my-repo/simple/" | tr -d '\r' | grep -qxF "$first" || fail "another token by codeartifact"
    program codeartifact token --connection acme "$url/npm/my-repo/" | tr -d '\r' | grep -qxF "$first" ||
        fail "another token by codeartifact-aws"
    echo "{\"uri\": \"$url/maven/my-repo/\"}" | program codeartifact-bazel get | grep -q '"Authorization"' || fail "bazel"
    program codeartifact-goauth "$url/go/my-repo/" | tr -d '\r' | grep -q "^Authorization: " || fail "goauth"
    # Three: no token line is there to refresh.
    program codeartifact-npm --print >/dev/null 2>&1 || [ $? = 3 ] || fail "npm"
}

# What is started in our place has our streams, and its exit code is ours.
streams_and_exit_code() {
    code=0
    # shellcheck disable=SC2086 # a shell and its options
    program codeartifact exec --connection acme -- $SHELL_THERE 'exit 7' || code=$?
    [ "$code" = 7 ] || fail "the exit code 7 became $code"
    # shellcheck disable=SC2086 # a shell and its options
    echo passed | program codeartifact exec --connection acme -- $SHELL_THERE 'sort' | grep -q passed || fail "stdin or stdout"
}

program codeartifact --version
program codeartifact-proxy --version
same_token_by_all
streams_and_exit_code
program codeartifact test acme
program codeartifact status
program codeartifact logout
echo "the story was the same"
