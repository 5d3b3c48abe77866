"""Asks the wheel's back end, in Python's keyring library, and the command `keyring` on PATH the same. Run by wheel.rs."""

import json
import subprocess

import keyring
from keyring.errors import KeyringError

HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
OTHER = "my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com"
SERVICES = [
    f"https://{HOST}/pypi/my-repo/simple/",
    f"https://{HOST}/pypi/my-repo/simple",
    f"https://{HOST}/pypi/my-repo/",
    f"https://{HOST}/pypi/my-repo/simple/my-package/",
    f"https://aws@{HOST}/pypi/my-repo/simple/",
    f"https://{HOST.upper()}/pypi/my-repo/simple/",
    f"https://{HOST}:443/pypi/my-repo/simple/",
    f"https://{HOST}./pypi/my-repo/simple/",
    f"https://{HOST}//simple",
    f"https://{HOST}",
    HOST,
    f"{HOST}:443",
    f"https://{OTHER}/pypi/my-repo/simple/",
    f"http://{HOST}/pypi/my-repo/simple/",
    f"https://{HOST.replace('my-domain', 'no-such-domain')}/pypi/my-repo/simple/",
    f"https://{HOST}.example.com/pypi/my-repo/simple/",
    "https://example.com/simple/",
    "example.com",
    "poetry-repository-my-repo",
    "-x",
]
USERS = [None, "", "aws", "AWS", "__token__", "ada@example.com"]


def by_command(*arguments):
    done = subprocess.run(["keyring", *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
    return None if done.returncode else done.stdout


def credential_of_command(service, user):
    users = [] if user is None else [user]
    said = by_command("--mode=creds", "--output=json", "get", "--", service, *users)
    answer = said and json.loads(said)
    return answer and (answer["username"], answer["password"])


def password_of_command(service, user):
    said = by_command("get", "--", service, user)
    return said and said.removesuffix("\n")


def credential_of_library(service, user):
    try:
        credential = keyring.get_credential(service, user)
    except KeyringError:
        return None
    return credential and (credential.username, credential.password)


def password_of_library(service, user):
    try:
        return keyring.get_password(service, user)
    except KeyringError:
        return None


answered = 0
for service in SERVICES:
    for user in USERS:
        command, library = credential_of_command(service, user), credential_of_library(service, user)
        assert command == library, (service, user, command and command[0], library and library[0])
        if user:
            command, library = password_of_command(service, user), password_of_library(service, user)
            assert command == library, (service, user, bool(command), bool(library))
        answered += bool(command)
print(answered >= 60 and "alike")
