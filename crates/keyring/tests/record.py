"""Records what keyring 25.7 does with the command lines of clients and people, for the tests that hold our answers
against it. argparse's rarer spellings are not among them: those go to the next keyring on PATH, or get its usage.

    python3.11 -m venv V && V/bin/pip install keyring==25.7.0 && V/bin/python record.py > keyring-25.7.jsonl

The back end keeps one password: a CodeArtifact token. The usage text, the same every time, is folded to {usage}.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BACKEND = '''
from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential

class Keyring(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return "TOKEN" if "my-domain-111122223333" in service else None

    def get_credential(self, service, username):
        password = self.get_password(service, username)
        return password and SimpleCredential("aws", password)

    def set_password(self, service, username, password):
        pass

    def delete_password(self, service, username):
        pass
'''

HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
URL = f"https://{HOST}/pypi/my-repo/simple/"

ROWS = [
    # pip
    ["--mode=creds", "--output=json", "get", URL],
    ["--mode=creds", "--output=json", "get", URL, "aws"],
    ["--mode=creds", "--output=json", "get", HOST],
    ["--mode=creds", "--output=json", "get", "https://example.com/simple/"],
    # uv
    ["get", URL, "aws"],
    ["get", HOST, "aws"],
    ["get", f"{HOST}:443", "aws"],
    ["get", f"https://{HOST}", "aws"],
    ["get", f"https://{HOST}:443", "aws"],
    ["get", URL, "--mode", "creds"],
    ["get", "example.com", "aws"],
    ["get", "example.com", "--mode", "creds"],
    # pdm
    ["--mode=creds", "get", URL, ""],
    ["--mode=password", "get", URL, "__token__"],
    # publish
    ["get", f"https://{HOST}/pypi/my-repo/", "aws"],
    # poetry's probes
    ["get", "python-poetry-check", "python-poetry"],
    ["get", "poetry-repository-my-repo", "aws"],
    ["get", "", ""],
    # options: order, spelling, repetition
    ["--output=json", "get", URL, "aws"],
    ["get", URL, "aws", "--output", "json"],
    ["--output", "json", "--mode", "creds", "get", URL],
    ["get", URL, "--mode=creds", "--output=json"],
    ["--mode=creds", "--mode=password", "get", URL, "aws"],
    ["-p", "/x", "get", URL, "aws"],
    ["-p=/x", "get", URL, "aws"],
    ["--keyring-path", "-1", "get", URL, "aws"],
    ["get", "--", URL, "aws"],
    ["--", "get", URL, "aws"],
    ["get", URL, "-"],
    ["del", URL, "aws"],
    ["--output=json", "del", URL, "aws"],
    # errors
    [],
    ["get"],
    ["get", URL],
    ["get", "--mode", "creds"],
    ["set"],
    ["set", URL],
    ["del"],
    ["del", URL],
    ["find", URL],
    [""],
    ["--mode=creds"],
    ["--mode"],
    ["--mode=", "get", URL],
    ["--mode=both", "get", URL],
    ["get", URL, "aws", "--output=yaml"],
    ["-p"],
    ["get", URL, "aws", "more"],
    ["get", URL, "aws", "more", "--even", "-x"],
    ["--version"],
    ["-x", "get", URL, "aws"],
    ["--keyring-backend=no.such.Keyring", "get", "example.com"],
    # text
    ["--help"],
    ["-h"],
    ["get", "--help"],
    ["--help", "--mode=both"],
    ["--mode=both", "--help"],
    ["--print-completion", "bash"],
    ["--print-completion=fish"],
    ["--print-completion"],
]


def run(argv, home):
    env = {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": home,
        "PYTHON_KEYRING_BACKEND": "trivial.Keyring",
        "COLUMNS": "80",
    }
    command = [str(Path(sys.executable).parent / "keyring"), *argv]
    return subprocess.run(command, env=env, input="secret\n", capture_output=True, text=True)


def main():
    with tempfile.TemporaryDirectory() as home:
        Path(home, "trivial.py").write_text(BACKEND)
        usage = run(["--help"], home).stdout.partition("\n\n")[0] + "\n"
        print(json.dumps({"usage": usage}))
        for argv in ROWS:
            done = run(argv, home)
            stdout, stderr = (text.replace(usage, "{usage}") for text in (done.stdout, done.stderr))
            row = {"argv": argv, "code": done.returncode, "stdout": stdout, "stderr": stderr}
            print(json.dumps(row))


main()
