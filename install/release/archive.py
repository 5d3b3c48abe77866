#!/usr/bin/env python3
"""Packs a folder as NAME.tar.gz: sorted, dated by SOURCE_DATE_EPOCH, owned by root. The same files give the same bytes.

    install/release/archive.py FOLDER OUT.tar.gz
    install/release/archive.py --sums FOLDER           writes SHA256SUMS of the files there, as sha256sum does

Not tar itself: that of macOS and that of Windows cannot do this.
"""

import gzip
import hashlib
import os
import sys
import tarfile
from pathlib import Path

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))


def main(first, second):
    if first == "--sums":
        sums(Path(second))
    else:
        pack(Path(first), second)


def pack(folder, out):
    with open(out, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=EPOCH) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path in [folder, *sorted(folder.rglob("*"))]:
                archive.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=plain)


def plain(entry):
    """Programs can be told from documents where the file system knows no modes, too."""
    is_program = "/bin/" in entry.name
    entry.mode = 0o755 if entry.isdir() or is_program else 0o644
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = EPOCH, 0, 0, "", ""
    return entry


def sums(folder):
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_bytes("".join(lines).encode())


main(*sys.argv[1:])
