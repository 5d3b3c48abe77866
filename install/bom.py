#!/usr/bin/env python3
"""Writes the bill of materials of our programs: a CycloneDX 1.6 document with every package that is linked into them.

    install/bom.py FILE

Versions, licences, checksums and who needs whom are cargo's. The same Cargo.lock and commit give the same bytes.
"""

import datetime
import json
import os
import pathlib
import re
import sys
import tomllib
import uuid

import linked


def main():
    target = linked.host()
    packages, needs = linked.graph(target)
    sums = checksums()
    tool = next(package for package in packages.values() if package["name"] == linked.PACKAGE)
    when = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": when.isoformat(),
            "component": component(tool, {}) | {"type": "application", "name": "codeartifact"},
            "properties": [{"name": "cdx:rustc:target", "value": target}],
        },
        "components": [component(package, sums) for package in sorted(packages.values(), key=reference) if package is not tool],
        "dependencies": dependencies(packages, needs),
    }
    # The same document always has the same number.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    document["serialNumber"] = f"urn:uuid:{number}"
    pathlib.Path(sys.argv[1]).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def component(package, sums):
    found = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "licenses": [{"expression": re.sub(r"\s*/\s*", " OR ", package["license"])}],
    }
    if package["source"]:
        found["purl"] = reference(package)
    if package["name"] + " " + package["version"] in sums:
        content = sums[package["name"] + " " + package["version"]]
        found["hashes"] = [{"alg": "SHA-256", "content": content}]
    return found


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def dependencies(packages, needs):
    rows = ({"ref": reference(packages[key]), "dependsOn": sorted(reference(packages[it]) for it in needs[key])} for key in needs)
    return sorted(rows, key=lambda row: row["ref"])


def checksums():
    """Of the archives that cargo has downloaded, by name and version."""
    lock = tomllib.loads((linked.ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    return {f"{it['name']} {it['version']}": it["checksum"] for it in lock["package"] if "checksum" in it}


main()
