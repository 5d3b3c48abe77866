#!/usr/bin/env bash
# What demo.sh shows, step by step. It runs in an empty home, with the emulator's variables and PATH set by demo.sh.
set -euo pipefail

host=https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com
NPM=$host/npm/my-repo/ PYPI=$host/pypi/my-repo/simple/ GO=$host/go/my-repo/ CARGO=$host/cargo/my-repo/
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

main() {
    introduce
    title "One file tells every client how to get there"
    run "cat ~/.config/codeartifact/config.toml"
    title "A person or a script asks for a token"
    run "codeartifact token \$PYPI | cut -c 1-64"
    install_everywhere first
    story first
    title "The same again, with every package forgotten, but not the token"
    forget_packages
    install_everywhere second
    story second
    title "Where the token is: in memory, and in the one file that npm reads"
    run "codeartifact token \$PYPI | grep --recursive --files-with-matches --fixed-strings --file=- ~" ~/.npmrc
    run "ls -l ~/.npmrc | cut -c 1-10" -rw-------
}

introduce() {
    cat <<'END'

A platform (account 198331734661) builds the code of a customer (account 111122223333), and that code needs
private packages from the customer's repository. The platform's job holds the key of one user, ci, and nothing
else. The customer's role trusts the platform's role, but only when it is told this customer's external id.
AWS has no format for Go; here a Go proxy of the customer's answers below /go/.
END
    printf '\n  NPM=%s\n  PYPI=%s\n  GO=%s\n  CARGO=%s\n' "$NPM" "$PYPI" "$GO" "$CARGO"
}

install_everywhere() {
    mkdir "$1" && cd "$1"
    with_pip
    with_npm
    with_go
    with_cargo
    cd ..
}

with_pip() {
    title "pip asks the command keyring, which is codeartifact-keyring"
    python3 -m venv --without-pip venv
    export PIP_PYTHON="$PWD/venv/bin/python" PIP_KEYRING_PROVIDER=subprocess
    run "pip install --quiet --index-url \$PYPI my-package"
    run "venv/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))'" "Hello, Ada!"
}

with_npm() {
    title "npm reads .npmrc, which codeartifact-npm completes"
    run "echo registry=\$NPM > .npmrc"
    run "codeartifact-npm"
    run "npm install --silent my-package"
    run "node -e 'console.log(require(\"my-package\").greet(\"Ada\"))'" "Hello, Ada!"
}

with_go() {
    title "go asks its GOAUTH command, codeartifact-goauth"
    cp "$DEMO/main.go" .
    run "go env -w GOAUTH=codeartifact-goauth GOPROXY=\$GO"
    run "go mod init example.com/my-program 2>/dev/null"
    run "go get example.com/private/greeting"
    run "go build -o my-program && ./my-program" "Hello, Ada!"
}

with_cargo() {
    title "cargo asks its credential provider, codeartifact-cargo"
    run "cargo new --quiet --vcs none --name my-program cargo"
    cd cargo
    run "codeartifact setup cargo acme --project --no-test"
    run "cargo add --quiet --registry acme my-crate"
    cp "$DEMO/main.rs" src
    run "cargo run --quiet" "Hello, Ada!"
    cd ..
}

# So that everything is fetched a second time. The token stays, and so does what go has compiled.
forget_packages() {
    run "rm -rf first ~/.npm ~/.cache/pip ~/.cargo/registry && go clean -modcache"
}

story() {
    title "What AWS and the repository wrote down"
    python3 "$DEMO/story.py" "$JOURNAL" "$1"
}

title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# Shows a command and what it prints; ends the demo if it fails, or prints something other than the second argument.
run() {
    printf '  $ %s\n' "$1"
    local output
    if ! output="$(eval "$1" 2>&1)"; then stop "this command failed" "$output"; fi
    if [ $# -gt 1 ] && [ "$output" != "$2" ]; then stop "this should have printed: $2" "$output"; fi
    if [ -n "$output" ]; then printf '%s\n' "$output" | sed 's/^/    /'; fi
}

stop() {
    printf '%s\n\nThe demo ends here: %s\n' "$2" "$1" >&2
    exit 1
}

main
