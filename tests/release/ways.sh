#!/usr/bin/env bash
# Every way to install a release, inside the root of bare.sh. A way has three functions: WAY_installs, WAY_uses (the first
# private package, as README has it) and WAY_removes; as root, or by `ada` as the user.
#
#     ways.sh WAY VERSION
set -euo pipefail

way="$1"
version="$2"
release="/srv/releases/$version"
url=http://127.0.0.1:8000
host=my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com
home=/home/ada
# What an installation may take, and the first private package after it: seconds of the processor, since the machine that runs
# this may do other things.
install_limit=20
use_limit=60

main() {
    python3 -m http.server --bind 127.0.0.1 --directory /srv/releases 8000 >/dev/null 2>&1 &
    trap 'kill %1' EXIT
    until curl -fs "$url/" >/dev/null; do sleep 0.1; done
    snapshot >/tmp/before
    timed "$install_limit" "${way}_installs"
    timed "$use_limit" in_emulator "${way}_uses"
    "${way}_removes"
    snapshot >/tmp/after
    diff /tmp/before /tmp/after >/tmp/difference || fail "files stay, or went: $(cat /tmp/difference)"
    echo "ok $way: installed in $(cat /tmp/seconds.1), first package in $(cat /tmp/seconds.2), nothing stays"
}

fail() {
    echo "FAILED $way: $*"
    exit 1
}

# Every file that this copy of the root has and the bare one has not; without what the clients keep for themselves, what
# Debian's package manager notes of its own runs, and our own folder /srv.
snapshot() {
    cd /srv/upper
    find . -type f -o -type l | grep -vE '^\./(srv|tmp|run|var/(cache|log|lib/(dpkg|apt))|etc/ld\.so\.cache)(/|$)' |
        grep -vE "^\./home/ada/(\.npm/|\.cache/(pip|uv|pipx|pypoetry)/|\.local/state/pipx/|\.config/(pypoetry|uv)/uv-receipt)" |
        grep -vE '__pycache__' | sort
    cd - >/dev/null
}

timed() {
    local limit="$1" out before after
    shift
    out="/tmp/seconds.$([ -e /tmp/seconds.1 ] && echo 2 || echo 1)"
    before="$(cut -d. -f1 /proc/uptime)"
    TIMEFORMAT='%R %U %S'
    # The processor's seconds are those of all that it starts.
    { time "$@" >/tmp/output 2>&1 3>&- || { cat /tmp/output; fail "$*"; }; } 2>/tmp/time
    after="$(awk '{ printf "%.1f s (%.1f s of the processor)", $1, $2 + $3 }' /tmp/time)"
    echo "$after" >"$out"
    awk -v limit="$limit" '{ exit $2 + $3 > limit }' /tmp/time || fail "$* took $after; the limit is $limit s"
    : "$before"
}

# As the user, in the user's home, with a login's PATH.
ada() { setpriv --reuid ada --regid ada --init-groups env -i HOME="$home" USER=ada LANG=C.UTF-8 \
    PATH="$home/.local/bin:/usr/local/bin:/usr/bin:/bin" ${variables[@]+"${variables[@]}"} sh -euc "cd; $1"; }

# The variables by which the emulator is reached, and the platform's key. They go to what `ada` runs.
variables=()
in_emulator() {
    /srv/codeartifact-emulator serve --scenario /srv/tests/end-to-end/scenarios/two-hops.toml --directory /tmp/aws \
        >/tmp/emulator 2>&1 &
    local emulator=$! line
    until [ -e /tmp/aws/ca.pem ] && grep -q listening /tmp/emulator; do sleep 0.1; done
    chmod -R a+rX /tmp/aws
    while read -r line; do variables+=("$line"); done < <(/srv/codeartifact-emulator env --directory /tmp/aws --format json |
        python3 -c 'import json, sys; [print(f"{k}={v}") for k, v in json.load(sys.stdin).items()]')
    variables+=(AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY)
    "$1"
    kill "$emulator"
    variables=()
}

connect="connect acme --account-id 111122223333 --role-arn arn:aws:iam::111122223333:role/CodeArtifactReader \
    --external-id acme-7f3c2a91 --via arn:aws:iam::198331734661:role/IntegrationReadOnly \
    --pypi https://$host/pypi/my-repo/ --npm https://$host/npm/my-repo/ --no-test"

# The same for a job, without a file.
by_variables="export CODEARTIFACT_ROLE_ARN=arn:aws:iam::111122223333:role/CodeArtifactReader \
    CODEARTIFACT_EXTERNAL_ID=acme-7f3c2a91 CODEARTIFACT_VIA=arn:aws:iam::198331734661:role/IntegrationReadOnly"

pip_greets='python3 -m venv v && v/bin/pip install --quiet my-package && v/bin/python -c "import my_package; print(my_package.greet(\"Ada\"))" &&
    rm -r v'

# Runs the command by which a package manager removes our programs, as `codeartifact uninstall` shows it.
remove_as_told() {
    local told
    told="$(ada "$1 uninstall --connections --programs")"
    ada "$(sed -n 's/^the programs .* are a package: `\(.*\)` removes them$/\1/p' <<<"$told") $2"
}

script_installs() { ada "curl -fsSL $url/$version/install.sh | CODEARTIFACT_RELEASES=$url sh"; }
script_uses() { ada "codeartifact $connect && codeartifact setup pip acme && $pip_greets"; }
script_removes() { ada "codeartifact uninstall --programs --connections"; }

deb_installs() { apt-get install -qq -y --no-install-recommends "$release"/codeartifact_*.deb; }
deb_uses() {
    ada "codeartifact $connect && codeartifact setup npm acme --default"
    ada "PATH=$home/.local/share/codeartifact/shims:\$PATH; mkdir p && cd p && npm install --silent my-package &&
        node -e 'console.log(require(\"my-package\").greet(\"Ada\"))' && cd .. && rm -r p"
}
deb_removes() {
    ada "codeartifact uninstall --connections --programs" | grep -q 'sudo apt remove codeartifact'
    apt-get remove -qq -y codeartifact
}

wheel_installs() { ada "python3 -m venv v && v/bin/pip install --quiet --no-index --find-links /srv/wheels $release/*.whl"; }
wheel_uses() {
    ada "$by_variables; v/bin/pip install --quiet --index-url https://aws@$host/pypi/my-repo/simple/ my-package &&
        v/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))'"
}
wheel_removes() {
    remove_as_told v/bin/codeartifact --yes
    ada "v/bin/codeartifact --version 2>/dev/null && exit 1; rm -r v"
}

uv_installs() {
    ada "python3 -m venv tools && tools/bin/pip install --quiet --no-index --find-links /srv/wheels uv"
    ada "tools/bin/uv tool install --quiet --no-index --find-links /srv/wheels $release/*.whl"
}
uv_uses() {
    ada "codeartifact $connect && PATH=$home/tools/bin:\$PATH && codeartifact setup uv acme &&
        uv venv --quiet v && uv pip install --quiet --python v/bin/python my-package &&
        v/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))' && rm -r v"
}
uv_removes() {
    local tools="PATH=$home/tools/bin:\$PATH;"
    remove_as_told "$tools codeartifact" '; rm -r tools .local/share/uv' 
}

pipx_installs() {
    ada "python3 -m venv tools && tools/bin/pip install --quiet --no-index --find-links /srv/wheels pipx"
    ada "export PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels; tools/bin/pipx install --quiet poetry &&
        tools/bin/pipx inject --quiet poetry $release/*.whl"
}
pipx_uses() {
    ada "$by_variables; mkdir p && cd p && cat >pyproject.toml <<'END'
[project]
name = \"p\"
version = \"1\"
requires-python = \">=3.9\"
[tool.poetry]
package-mode = false
[[tool.poetry.source]]
name = \"acme\"
url = \"https://$host/pypi/my-repo/simple/\"
END
        export POETRY_VIRTUALENVS_IN_PROJECT=true; poetry add --quiet --no-interaction my-package &&
        .venv/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))' && cd .. && rm -r p"
}
pipx_removes() {
    ada "PATH=$home/tools/bin:\$PATH; \$(.local/share/pipx/venvs/poetry/bin/codeartifact uninstall --programs --connections |
        sed -n 's/^the programs .* are a package: \`\\(.*\\)\` removes them\$/\\1/p') && pipx uninstall poetry && rm -r tools .local/share/pipx"
}

npm_global_installs() { HOME=/root npm install --global --silent --offline "$release"/codeartifact-npm-*.tgz; }
npm_global_uses() {
    ada "$by_variables; mkdir p && cd p && echo registry=https://$host/npm/my-repo/ >.npmrc && codeartifact-npm exec -- npm install my-package &&
        node -e 'console.log(require(\"my-package\").greet(\"Ada\"))' && cd .. && rm -r p"
}
npm_global_removes() {
    ada "/usr/local/lib/node_modules/@codeartifact-npm/*/bin/codeartifact uninstall --programs --connections" |
        grep -q 'npm uninstall --global codeartifact-npm'
    HOME=/root npm uninstall --global --silent codeartifact-npm "$(cd /usr/local/lib/node_modules && echo @codeartifact-npm/*)"
    rm -rf /root/.npm
}

npx_installs() { ada "npx --yes --offline $(printf -- '--package %s ' "$release"/codeartifact-npm-*.tgz) codeartifact-npm --version"; }
npx_uses() {
    ada "$by_variables; mkdir p && cd p && echo registry=https://$host/npm/my-repo/ >.npmrc &&
        npx --yes --offline $(printf -- '--package %s ' "$release"/codeartifact-npm-*.tgz) codeartifact-npm exec -- npm install my-package &&
        node -e 'console.log(require(\"my-package\").greet(\"Ada\"))' && cd .. && rm -r p"
}
npx_removes() { ada ".npm/_npx/*/node_modules/@codeartifact-npm/*/bin/codeartifact uninstall --programs --connections; rm -r .npm"; }

main
