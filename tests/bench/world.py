"""The world the timed programs live in: an AWS on loopback, a keyring on a bus of its own, a home."""

import json
import os
import shutil
import subprocess
import time
import urllib.request

DOMAIN, OWNER, REGION = "my-domain", "111122223333", "us-east-1"
HOST = f"https://{DOMAIN}-{OWNER}.d.codeartifact.{REGION}.amazonaws.com"
URL, NPM, GO = [f"{HOST}/{path}" for path in ["pypi/my-repo/simple/", "npm/my-repo/", "go/my-repo/"]]

INTEGRATION = "arn:aws:iam::198331734661:role/IntegrationReadOnly"
READER = "arn:aws:iam::111122223333:role/CodeArtifactReader"
EXTERNAL_ID = "acme-7f3c2a91"

# For each length of the chain: the keys it starts from, its roles with their external ids, the AWS profile that is the same.
READER_KEYS = ("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
CI_KEYS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
CHAINS = [
    (READER_KEYS, [], "reader"),
    (CI_KEYS, [(READER, EXTERNAL_ID)], "direct"),
    (CI_KEYS, [(INTEGRATION, "-"), (READER, EXTERNAL_ID)], "acme"),
]

# The same chains for the AWS CLI and the Python keyring, which know them as profiles.
AWS_PROFILES = f"""
[profile reader]
aws_access_key_id = {READER_KEYS[0]}
aws_secret_access_key = {READER_KEYS[1]}
[profile ci]
aws_access_key_id = {CI_KEYS[0]}
aws_secret_access_key = {CI_KEYS[1]}
[profile integration]
role_arn = {INTEGRATION}
source_profile = ci
[profile direct]
role_arn = {READER}
source_profile = ci
external_id = {EXTERNAL_ID}
[profile acme]
role_arn = {READER}
source_profile = integration
external_id = {EXTERNAL_ID}
"""


def keys(hops):
    """The variables of the first credentials."""
    return dict(zip(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], CHAINS[hops][0]))


def configuration(hops=2, customers=0):
    """One connection that is reached by so many hops, in the middle of so many customers' connections."""
    roles = CHAINS[hops][1]
    via = ", ".join(f'"{role}"' for role, _ in roles[:-1])
    role = f'role_arn = "{READER}"\nexternal_id = "{EXTERNAL_ID}"\n' if roles else ""
    urls = f'pypi = "{URL}"\nnpm = "{NPM}"\ngo = "{GO}"\n'
    acme = f'[connections.acme]\naccount_id = "{OWNER}"\n{role}{urls}'
    others = [customer(number) for number in range(customers)]
    middle = len(others) // 2
    return "\n".join([f"[defaults]\nvia = [{via}]\n", *others[:middle], acme, *others[middle:]])


def customer(number):
    owner = f"{number:012}"
    host = f"https://my-domain-{owner}.d.codeartifact.{REGION}.amazonaws.com"
    return (
        f'[connections.customer-{number}]\naccount_id = "{owner}"\n'
        f'role_arn = "arn:aws:iam::{owner}:role/CodeArtifactReader"\nexternal_id = "customer-{number:08}"\n'
        f'pypi = "{host}/pypi/my-repo/simple/"\nnpm = "{host}/npm/my-repo/"\ngo = "{host}/go/my-repo/"\n'
    )


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
        self.journal = folder / "journal.jsonl"

    def delay(self, milliseconds):
        """Lets every round trip take so much longer from now on."""
        faults = f"{self.variables['HTTPS_PROXY']}/_emulator/faults"
        self.control("DELETE", faults)
        if milliseconds:
            self.control("POST", faults, {"fault": "delay", "milliseconds": milliseconds})

    @staticmethod
    def control(method, url, body=None):
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()

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


class World:
    """Where the programs are, a home of their own, and the variables they are all run with."""

    def __init__(self, arguments, folder):
        self.programs, self.tools = arguments.programs, arguments.tools
        self.peers, self.clients = arguments.peers, arguments.clients
        self.home = folder / "home"
        self.write(".config/codeartifact/config.toml", configuration())
        self.write(".aws/config", AWS_PROFILES)
        self.write(".npmrc", f"registry={NPM}\n")
        self.emulator = Emulator(self.tool("codeartifact-emulator"), arguments.scenario, folder / "emulator")
        self.keyring = SecretService.start(self.home, folder / "runtime")
        self.variables = {
            **self.emulator.variables,
            **(self.keyring.variables if self.keyring else {}),
            **keys(2),
            "HOME": str(self.home),
            "PATH": f"{self.peers}:/usr/bin:/bin",
            # The CLI and boto wait for nothing else either.
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def ours(self, name):
        return str(self.programs / name)

    def tool(self, name):
        return str(self.tools / name)

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def stop(self):
        for started in [self.keyring, self.emulator]:
            if started:
                started.stop()
