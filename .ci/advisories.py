#!/usr/bin/env python3
"""Writes .ci/advisories.txt: what RustSec's database says of the crates in Cargo.lock. A test holds our versions to it.

    git clone --depth 1 https://github.com/rustsec/advisory-db target/advisory-db
    .ci/advisories.py target/advisory-db

A line has the advisory, the crate, its kind and the versions that it does not concern, separated by `||`.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / ".ci/advisories.txt"


def main():
    database = pathlib.Path(sys.argv[1])
    ours = set(re.findall(r'^name = "(.*)"$', (ROOT / "Cargo.lock").read_text(), re.M))
    files = sorted(database.glob("crates/*/*.md"))
    lines = [line for file in files if file.parent.name in ours for line in line_of(file)]
    git = ["git", "-C", database, "log", "-1", "--format=%cs %H"]
    state = subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()
    head = f"# RustSec's advisories of the crates in Cargo.lock, as of {state}; .ci/advisories.py writes this file.\n"
    LIST.write_text(head + "".join(lines))
    print(f"{len(lines)} advisories in {LIST.relative_to(ROOT)}")


def line_of(file):
    text = file.read_text().split("```toml", 1)[1].split("```", 1)[0]
    if re.search(r"^withdrawn\s*=", text, re.M):
        return
    kind = re.search(r'^informational\s*=\s*"(.*)"', text, re.M)
    lists = re.findall(r"^(?:patched|unaffected)\s*=\s*\[(.*?)\]", text, re.M | re.S)
    versions = [version for found in lists for version in re.findall(r'"(.*?)"', found)]
    fields = [file.stem, file.parent.name, kind.group(1) if kind else "vulnerability", " || ".join(versions)]
    yield "\t".join(fields).rstrip() + "\n"


main()
