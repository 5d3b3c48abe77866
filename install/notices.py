#!/usr/bin/env python3
"""Writes the notices of everything that is linked into our programs: licences ask that their texts go with them.

    install/notices.py FILE

The texts are those in the crates that cargo has downloaded, each once, with the crates that have it.
"""

import collections
import pathlib
import re
import sys

import linked

NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.I)
# A crate without a text names one of these; the text is another crate's, the authors its own.
STANDARD = ["MIT", "Apache-2.0"]


def main():
    packages = linked.others(linked.graph(linked.host())[0])
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
        f"{clean((linked.ROOT / 'LICENSE').read_text())}\n\n"
        "The programs contain the software below, under the licences with it.\n"
        f"{len(packages)} packages; the Rust standard library is under MIT or Apache-2.0, musl under MIT."
    )


main()
