"""Makes a channel with one package, the machine's own Python and pip, as conda can reach none of its channels here.

channel.py FOLDER PYTHON: of the Python of a virtual environment with pip. Not a Python of its own: what conda makes of
the package is an environment of the machine's.
"""

import bz2
import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

PIP = "import sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
SUBDIR = {"arch": "x86_64", "platform": "linux", "subdir": "linux-64"}
# Read as lists of nothing: without them this conda stops.
EMPTY = ("has_prefix", "no_link", "no_softlink")


def main(folder: pathlib.Path, python: str) -> None:
    version, home, packages = told(
        python, "import os, sys, pip; print(sys.version.split()[0], sys._base_executable, os.path.dirname(pip.__path__[0]))"
    ).split()
    index = {"name": "python", "version": version, "build": "0", "build_number": 0, "depends": [], **SUBDIR}
    archive = folder / "linux-64" / f"python-{version}-0.tar.bz2"
    archive.parent.mkdir(parents=True)
    (folder / "noarch").mkdir()
    with tempfile.TemporaryDirectory() as root:
        lay_out(pathlib.Path(root), pathlib.Path(home), pathlib.Path(packages), index)
        with tarfile.open(archive, "w:bz2") as made:
            made.add(root, "", filter=lambda it: None if "__pycache__" in it.name else it)
    content = archive.read_bytes()
    entry = {**index, "md5": hashlib.md5(content).hexdigest(), "size": len(content)}
    write_index(folder / "linux-64", {archive.name: entry})
    write_index(folder / "noarch", {})


def told(python: str, program: str) -> str:
    return subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout


def lay_out(root: pathlib.Path, home: pathlib.Path, packages: pathlib.Path, index: dict) -> None:
    minor = ".".join(index["version"].split(".")[:2])
    (root / "info").mkdir()
    (root / "bin").mkdir()
    for name in ("python", "python3", f"python{minor}"):
        (root / "bin" / name).symlink_to(home.resolve())
    (root / "bin/pip").write_text(PIP)
    (root / "pyvenv.cfg").write_text(f"home = {home.resolve().parent}\nversion = {index['version']}\n")
    site = root / f"lib/python{minor}/site-packages"
    site.parent.mkdir(parents=True)
    subprocess.run(["cp", "-r", packages, site], check=True)
    files = [it for it in root.rglob("*") if not it.is_dir() and "__pycache__" not in it.parts]
    for name in EMPTY:
        (root / "info" / name).touch()
    (root / "info/files").write_text("".join(f"{it.relative_to(root)}\n" for it in files))
    (root / "info/index.json").write_text(json.dumps(index))


def write_index(folder: pathlib.Path, packages: dict) -> None:
    text = json.dumps({"info": {"subdir": folder.name}, "packages": packages})
    (folder / "repodata.json").write_text(text)
    (folder / "repodata.json.bz2").write_bytes(bz2.compress(text.encode()))


main(pathlib.Path(sys.argv[1]), sys.argv[2])
