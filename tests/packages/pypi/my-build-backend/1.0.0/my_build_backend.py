"""A build backend for projects of one module, named as the project is.

It is private itself: whoever installs a project that needs it must reach the private index from within build isolation.
"""

import base64
import hashlib
import zipfile
from pathlib import Path

WHEEL = """\
Wheel-Version: 1.0
Generator: my-build-backend
Root-Is-Purelib: true
Tag: py3-none-any
"""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    metadata = Path("PKG-INFO").read_text()
    headers = dict(line.split(": ", 1) for line in metadata.splitlines())
    module = headers["Name"].replace("-", "_")
    stem = f"{module}-{headers['Version']}"
    files = {
        f"{module}.py": Path(f"{module}.py").read_text(),
        f"{stem}.dist-info/METADATA": metadata,
        f"{stem}.dist-info/WHEEL": WHEEL,
    }
    files[f"{stem}.dist-info/RECORD"] = record(files) + f"{stem}.dist-info/RECORD,,\n"
    wheel = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, wheel), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def record(files):
    return "".join(f"{path},sha256={digest(text)},{len(text.encode())}\n" for path, text in files.items())


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
