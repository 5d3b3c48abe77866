"""The world the timed programs live in: an AWS on loopback, a keyring on a bus of its own, a home."""

import json
import os
import shutil
import subprocess
import time

URL = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
NPM, GO = (URL.replace("/pypi/my-repo/simple/", f"/{name}/my-repo/") for name in ["npm", "go"])

CONFIGURATION = f"""
[defaults]
via = ["arn:aws:iam::198331734661:role/IntegrationReadOnly"]
[connections.acme]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactReader"
external_id = "acme-7f3c2a91"
pypi = "{URL}"
npm = "{NPM}"
go = "{GO}"
"""

# The same role chain for the AWS CLI and the Python keyring, which know it as profiles.
AWS_PROFILES = """
[profile ci]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile integration]
role_arn = arn:aws:iam::198331734661:role/IntegrationReadOnly
source_profile = ci
[profile acme]
role_arn = arn:aws:iam::111122223333:role/CodeArtifactReader
source_profile = integration
external_id = acme-7f3c2a91
"""


class Emulator:
    """A running emulator, and the variables that lead to it."""

    def __init__(self, program, scenario, folder):
        self.process = subprocess.Popen(
            [program, "serve", "--scenario", scenario, "--directory", folder], stdout=subprocess.PIPE, text=True
        )
        if not self.process.stdout.readline().startswith("listening on"):
            raise SystemExit("the emulator did not start")
        printed = subprocess.run(
            [program, "env", "--directory", folder, "--format", "json"], check=True, capture_output=True, text=True
        )
        self.variables = json.loads(printed.stdout)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class SecretService:
    """A GNOME keyring, unlocked, on this process's session bus; `None` from `start` where there is none to be had."""

    def __init__(self, process, runtime):
        self.process = process
        self.variables = {
            "DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"],
            "XDG_RUNTIME_DIR": str(runtime),
        }

    @classmethod
    def start(cls, home, runtime):
        if not shutil.which("gnome-keyring-daemon") or "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
            return None
        runtime.mkdir(mode=0o700)
        process = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
            env={**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        process.stdin.write(b"correct horse")
        process.stdin.close()
        time.sleep(1)
        return cls(process, runtime)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def sandbox(folder):
    """A home of its own: configuration, profiles, an .npmrc."""
    home = folder / "home"
    for name, text in {
        ".config/codeartifact/config.toml": CONFIGURATION,
        ".aws/config": AWS_PROFILES,
        ".npmrc": f"registry={NPM}\n",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return home
