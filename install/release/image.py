"""Makes an OCI image of static programs and certificate authorities, and nothing else: a tar of its image layout.

    image.py PROGRAMS OUT.tar

The same programs give the same bytes. What is in the files is laid down in the OCI image specification 1.1.
"""

import gzip
import hashlib
import io
import json
import os
import platform
import sys
import tarfile
from pathlib import Path

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# An unprivileged user, as distroless images have it.
USER = 65532
KIND = "application/vnd.oci.image"


def main(programs, out):
    plain = layer(sorted(Path(programs).iterdir()))
    packed = gzip.compress(plain, mtime=0)
    blobs = {}
    config = keep(blobs, f"{KIND}.config.v1+json", text(configuration(plain)))
    content = keep(blobs, f"{KIND}.layer.v1.tar+gzip", packed)
    manifest = {"schemaVersion": 2, "mediaType": f"{KIND}.manifest.v1+json", "config": config, "layers": [content]}
    index = {"schemaVersion": 2, "manifests": [keep(blobs, f"{KIND}.manifest.v1+json", text(manifest))]}
    files = {"oci-layout": text({"imageLayoutVersion": "1.0.0"}), "index.json": text(index)}
    files |= {f"blobs/sha256/{digest}": blob for digest, blob in blobs.items()}
    Path(out).write_bytes(tar({name: (content, 0o644) for name, content in sorted(files.items())}))


def layer(programs):
    """The root of the image."""
    files, first = {}, {}
    for program in programs:
        # Two names of one file stay that.
        link = first.setdefault(program.stat().st_ino, f"usr/bin/{program.name}")
        files[f"usr/bin/{program.name}"] = (program.read_bytes(), 0o755, link)
    files["etc/passwd"] = (f"nonroot:x:{USER}:{USER}:nonroot:/home/nonroot:/sbin/nologin\n".encode(), 0o644)
    files["etc/ssl/certs/ca-certificates.crt"] = (AUTHORITIES.read_bytes(), 0o644)
    return tar(files)


def configuration(plain):
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    process = {"User": f"{USER}:{USER}", "Env": ["PATH=/usr/bin"], "Entrypoint": ["/usr/bin/codeartifact"]}
    root = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(plain).hexdigest()}"]}
    return {"architecture": machine, "os": "linux", "config": process, "rootfs": root}


def keep(blobs, kind, content):
    digest = hashlib.sha256(content).hexdigest()
    blobs[digest] = content
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}


def text(value):
    return json.dumps(value, sort_keys=True).encode()


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (content, mode, *link) in files.items():
            entry = tarfile.TarInfo(name)
            entry.mode, entry.mtime = mode, EPOCH
            if link and link[0] != name:
                entry.type, entry.linkname = tarfile.LNKTYPE, link[0]
            else:
                entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


main(*sys.argv[1:])
