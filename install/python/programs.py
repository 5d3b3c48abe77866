"""Puts the programs of `install/build.sh` into the wheel, and names the systems that can run them."""

import os
import platform
import re
import sys
import sysconfig
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAMES = ["codeartifact-keyring", "codeartifact", "codeartifact-aws"]
# A dynamic program names the version of each symbol that it takes from glibc.
GLIBC = re.compile(rb"GLIBC_2\.(\d+)\b")


class Programs(BuildHookInterface):
    def initialize(self, version, build_data):
        programs = self.programs()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{systems(programs)}"
        build_data["force_include"]["../../LICENSE"] = "codeartifact_keyring/LICENSE"
        build_data["shared_scripts"] = {str(program): program.name for program in programs}

    def programs(self):
        folder = os.environ.get("CODEARTIFACT_PROGRAMS")
        if not folder:
            sys.exit("CODEARTIFACT_PROGRAMS names no folder; make one with install/build.sh DIR")
        suffix = ".exe" if sys.platform == "win32" else ""
        return [Path(folder).absolute() / f"{name}{suffix}" for name in NAMES]


def systems(programs):
    """The wheel's platform tags, joined by dots. A static Linux program runs with any C library, or none."""
    if sys.platform != "linux":
        return re.sub(r"[-.]", "_", sysconfig.get_platform())
    machine = platform.machine()
    needed = [int(minor) for program in programs for minor in GLIBC.findall(program.read_bytes())]
    if needed:
        return f"manylinux_2_{max(needed)}_{machine}"
    return f"manylinux_2_17_{machine}.musllinux_1_1_{machine}"
