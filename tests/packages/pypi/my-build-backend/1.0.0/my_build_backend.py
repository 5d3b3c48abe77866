"""A build backend for projects of one module, named as the project is.

It is private itself: whoever installs a project that needs it must reach the private index from within build isolation.
"""

import zipfile
from pathlib import Path


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    metadata = Path("PKG-INFO").read_text()
    headers = dict(line.split(": ", 1) for line in metadata.splitlines())
    module = headers["Name"].replace("-", "_")
    stem = f"{module}-{headers['Version']}"
    files = {
        f"{module}.py": Path(f"{module}.py").read_text(),
        f"{stem}.dist-info/METADATA": metadata,
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: my-build-backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{stem}.dist-info/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    wheel = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, wheel), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel
