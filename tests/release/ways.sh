#!/usr/bin/env bash
# Every way to install a release, inside the root of bare.sh. A way has these functions: WAY_prepares (other tools, where it
# needs some), WAY_installs, WAY_uses (the first private package, as README has it) and WAY_removes; as root, or by `ada` as
# the user.
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
    if declare -f "${way}_prepares" >/dev/null; then "${way}_prepares"; fi
    snapshot >/tmp/before
    local installed
    timed "$install_limit" "${way}_installs"
    installed="$took"
    timed "$use_limit" in_emulator "${way}_uses"
    "${way}_removes"
    snapshot >/tmp/after
    diff /tmp/before /tmp/after >/tmp/difference || {
        sed -n 's/^> \.//p' /tmp/difference | xargs -r head -n 5
        fail "files stay, or went: $(cat /tmp/difference)"
    }
    echo "ok $way: installed in $installed, first package in $took, nothing stays"
}

fail() {
    echo "FAILED $way: $*"
    exit 1
}

# Every file that this copy of the root has and the bare one has not; without what the clients keep for themselves, what
# Debian's package manager notes of its own runs, and our own folder /srv.
snapshot() {
    { cd /srv/upper && find . -type f -o -type l; find /dev/shm -mindepth 1; } | { grep -vE "$not_ours" || true; } | sort
}

not_ours='^\./(srv|tmp|run|var/(cache|log|lib/(dpkg|apt))|etc/ld\.so\.cache)(/|$)'
not_ours+='|^\./home/ada/(\.npm/|\.cache/(pip|uv|pipx|pypoetry|virtualenv)/|\.local/state/pipx/|\.config/pypoetry/|\.local/share/uv/(credentials|tools/\.))|__pycache__'

# Runs a step, and says how long it took: the time on the wall, and the processor's for all that it starts.
timed() {
    local limit="$1" code
    shift
    TIMEFORMAT='%R %U %S'
    # Not behind `||`, where a shell goes on after a command that failed.
    set +e
    { time (set -e; "$@" >/tmp/output 2>&1); } 2>/tmp/time
    code=$?
    set -e
    [ "$code" = 0 ] || { tail -n 20 /tmp/output; fail "$*"; }
    took="$(awk '{ printf "%.1f s (%.1f s of the processor)", $1, $2 + $3 }' /tmp/time)"
    awk -v limit="$limit" '{ exit $2 + $3 > limit }' /tmp/time || fail "$* took $took; the limit is $limit s"
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
    # All but those that hide the user's own settings and back ends from pip and the keyring library.
    while read -r line; do variables+=("$line"); done < <(/srv/codeartifact-emulator env --directory /tmp/aws --format json |
        python3 -c 'import json, sys; [print(f"{k}={v}") for k, v in json.load(sys.stdin).items() if k not in ("PIP_CONFIG_FILE", "PYTHON_KEYRING_BACKEND")]')
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
    told="$(ada "$1 uninstall --connections --programs" | grep ' are a package: ')"
    told="${told#*\`}"
    ada "${told%\`*} ${2:-}"
}

script_installs() { ada "curl -fsSL $url/$version/install.sh | CODEARTIFACT_RELEASES=$url sh"; }
script_uses() { ada "codeartifact $connect && codeartifact setup pip acme && $pip_greets"; }
script_removes() { ada "codeartifact uninstall --programs --connections"; }

deb_installs() { apt-get install -qq -y --no-install-recommends "$release"/codeartifact_*.deb; }
deb_uses() {
    # It says which line goes into the shell's profile, and that npm is not found through it until then.
    ada "codeartifact $connect && ! codeartifact setup npm acme --default 2>said && grep 'export PATH=' said && rm said"
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

uv_prepares() { with_tool uv; }
uv_installs() { ada "uv tool install --quiet --no-index --find-links /srv/wheels $release/*.whl"; }
uv_uses() {
    ada "codeartifact $connect && codeartifact setup uv acme && uv venv --quiet v &&
        uv pip install --quiet --python v/bin/python my-package &&
        v/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))' && rm -r v"
}
uv_removes() { remove_as_told codeartifact; }

pipx_prepares() {
    with_tool pipx
    ada "PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels pipx install --quiet poetry"
}
pipx_installs() { ada "PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels pipx inject --quiet poetry $release/*.whl"; }
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
        export POETRY_VIRTUALENVS_IN_PROJECT=true; poetry add --no-interaction my-package &&
        .venv/bin/python -c 'import my_package; print(my_package.greet(\"Ada\"))' && cd .. && rm -r p"
}
# What pip puts beside it, keyring and its own needs, stays with poetry.
pipx_removes() {
    remove_as_told .local/share/pipx/venvs/poetry/bin/codeartifact
    ada "! .local/share/pipx/venvs/poetry/bin/codeartifact --version 2>/dev/null"
}

# A tool for Python in an environment of its own, on PATH.
with_tool() {
    python3 -m venv /opt/tools
    /opt/tools/bin/pip install --quiet --no-index --find-links /srv/wheels "$1"
    ln -s "/opt/tools/bin/$1" /usr/local/bin
}

npm_global_installs() { HOME=/root npm install --global --silent --offline "$release"/codeartifact-npm-*.tgz; }
npm_global_uses() {
    ada "$by_variables; mkdir p && cd p && echo registry=https://$host/npm/my-repo/ >.npmrc && codeartifact-npm exec -- npm install my-package &&
        node -e 'console.log(require(\"my-package\").greet(\"Ada\"))' && cd .. && rm -r p"
}
npm_global_removes() {
    local modules
    modules="$(npm root --global)"
    ada "$modules/@codeartifact-npm/*/bin/codeartifact uninstall --programs --connections" | grep 'npm uninstall --global codeartifact-npm'
    HOME=/root npm uninstall --global --silent codeartifact-npm "$(cd "$modules" && echo @codeartifact-npm/*)"
    rm -rf /root/.npm
}

npx_installs() { ada "npx --yes --offline $(printf -- '--package %s ' "$release"/codeartifact-npm-*.tgz) codeartifact-npm --version"; }
npx_uses() {
    ada "$by_variables; mkdir p && cd p && echo registry=https://$host/npm/my-repo/ >.npmrc &&
        npx --yes --offline $(printf -- '--package %s ' "$release"/codeartifact-npm-*.tgz) codeartifact-npm exec -- \
            env --unset npm_config_offline npm install my-package &&
        node -e 'console.log(require(\"my-package\").greet(\"Ada\"))' && cd .. && rm -r p"
}
npx_removes() { ada ".npm/_npx/*/node_modules/@codeartifact-npm/*/bin/codeartifact uninstall --programs --connections; rm -r .npm"; }

main
