"""What other people's packages our programs have in them, as cargo resolves them. Not a program; notices.py and bom.py ask it."""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "codeartifact-cli"


def host():
    """The system that this machine's Rust compiles for."""
    return re.search(r"^host: (.*)$", output("rustc", "-vV"), re.M).group(1)


def graph(target):
    """Every package that is linked on that system, ours included, by its id; and what each of them needs."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(output(*command))
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    todo = [key for key, package in packages.items() if package["name"] == PACKAGE]
    needs = {}
    while todo:
        key = todo.pop()
        needs[key] = sorted(dependency["pkg"] for dependency in nodes[key]["deps"] if is_linked(dependency))
        todo += (other for other in needs[key] if other not in needs)
    return {key: packages[key] for key in needs}, needs


def others(packages):
    """Those that are not ours, sorted."""
    found = [package for package in packages.values() if package["source"]]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def is_linked(dependency):
    """What only builds or tests a package is not."""
    return any(kind["kind"] is None for kind in dependency["dep_kinds"])


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
