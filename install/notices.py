#!/usr/bin/env python3
"""Writes the notices of everything that is linked into our programs: licences ask that their texts go with them.

    install/notices.py FILE

The texts are those in the crates that cargo has downloaded, each once, with the crates that have it.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "codeartifact-cli"
NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.I)
# A crate without a text names one of these; the text is another crate's, the authors its own.
STANDARD = ["MIT", "Apache-2.0"]


def main():
    packages = linked()
    texts = collections.defaultdict(list)
    without = []
    for package in packages:
        found = license_texts(package)
        for text in found:
            texts[text].append(title(package))
        if not found:
            without.append(package)
    for package in without:
        texts[standard_text(package, texts)].append(title(package) + authors(package))
    parts = [head(packages)]
    for text, names in sorted(texts.items(), key=lambda item: item[1]):
        parts.append("\n".join(sorted(set(names))) + "\n\n" + text)
    line = "\n\n" + "-" * 80 + "\n\n"
    pathlib.Path(sys.argv[1]).write_text(line.join(parts) + "\n", encoding="utf-8")


def linked():
    """The packages of other people that the programs have in them on this system."""
    host = re.search(r"^host: (.*)$", output("rustc", "-vV"), re.M).group(1)
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host]
    metadata = json.loads(output(*command))
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    todo = [key for key, package in packages.items() if package["name"] == PACKAGE]
    seen = set(todo)
    while todo:
        for dependency in nodes[todo.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_linked and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                todo.append(dependency["pkg"])
    others = [packages[key] for key in seen if packages[key]["source"]]
    return sorted(others, key=lambda package: (package["name"], package["version"]))


def license_texts(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and NAMES.match(file.name)]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    return [clean(text) for text in texts if text.strip()]


def clean(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def standard_text(package, texts):
    license = package["license"] or ""
    for name in (name for name in STANDARD if name in license):
        start = {"MIT": "Permission is hereby granted", "Apache-2.0": "Apache License"}[name]
        found = (text for text in texts if text.lstrip().startswith(start))
        text = next(found, None) or next((text for text in texts if start in text), None)
        if text:
            return f"{name}\n\n{text[text.index(start):]}"
    raise SystemExit(f"notices.py: {title(package)} has no text of its licence ({license})")


def title(package):
    return f"{package['name']} {package['version']} ({package['license']})"


def authors(package):
    return ", by " + ", ".join(package["authors"]) if package["authors"] else ""


def head(packages):
    return (
        f"{clean((ROOT / 'LICENSE').read_text())}\n\n"
        "The programs contain the software below, under the licences with it.\n"
        f"{len(packages)} packages; the Rust standard library is under MIT or Apache-2.0, musl under MIT."
    )


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


main()
