#!/usr/bin/env bash
# Publishes the npm packages of a release: each system's first, then `codeartifact-npm`, which names them.
#
#     install/release/publish-npm.sh RELEASE [OPTION…]      the options go to `npm publish`: --dry-run
#
# What the registry has already is passed over, so that a run that failed half-way can be repeated.
set -euo pipefail

main() {
    [ $# -gt 0 ] || { echo "usage: publish-npm.sh RELEASE [OPTION…]" >&2; exit 2; }
    local release="$1" package
    shift
    for package in "$release"/codeartifact-npm-[a-z]*.tgz "$release"/codeartifact-npm-[0-9]*.tgz; do
        publish "$package" "$@"
    done
}

publish() {
    local name
    name="$(tar -xzOf "$1" package/package.json |
        node -p 'const it = JSON.parse(require("fs").readFileSync(0)); it.name + "@" + it.version')"
    if [ -n "$(npm view "$name" version 2>/dev/null)" ]; then
        echo "$name is published already"
        return
    fi
    npm publish --provenance --access public "$@"
}

main "$@"
