"""A back end of Python's keyring library that asks the program `codeartifact-keyring` of this wheel.

It knows neither URLs nor AWS: whether a service is CodeArtifact's is the program's to tell. It prints nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.credentials import Credential, SimpleCredential
from keyring.errors import KeyringError, PasswordDeleteError, PasswordSetError

__all__ = ["CodeArtifactKeyring"]

PROGRAM = "codeartifact-keyring"

# Longer than the program's own deadline, so that its reason arrives.
PATIENCE = 45.0


class NotOurs(NotImplementedError, PasswordSetError, PasswordDeleteError):
    """The library's chain goes on to the next back end at the first of these; who asks us alone knows the others."""


class CodeArtifactKeyring(KeyringBackend):
    """Answers for CodeArtifact, and for nothing else."""

    @properties.classproperty
    def priority(cls) -> float:
        """Above the systems' own keyrings (5), below the library's chain (10), which asks those for the rest."""
        if not runs():
            raise RuntimeError(f"{PROGRAM} does not run here")
        return 9

    def get_password(self, service: str, username: str | None) -> str | None:
        credential = self.get_credential(service, username)
        return credential and credential.password

    def get_credential(self, service: str, username: str | None) -> Credential | None:
        user = [username] if username else []
        done = ask("--mode=creds", "--output=json", "get", "--", service, *user)
        if done.returncode:
            return nothing(service, done)
        try:
            answer = json.loads(done.stdout)
            return SimpleCredential(answer["username"], answer["password"])
        except (ValueError, LookupError, TypeError):
            # Without the cause: it would show what was said.
            raise KeyringError(f"{PROGRAM} said something unexpected") from None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Stores nothing for CodeArtifact: tokens are fetched when they are needed."""
        if ask("set", "--", service, username or "aws").returncode:
            raise NotOurs(f"{service} is not CodeArtifact's")

    def delete_password(self, service: str, username: str) -> None:
        """Forgets the kept token."""
        if ask("del", "--", service, username or "aws").returncode:
            raise NotOurs(f"{service} is not CodeArtifact's")


def nothing(service: str, done: subprocess.CompletedProcess[str]) -> None:
    """Nothing to answer; but why a token of CodeArtifact is missing, nobody else could tell."""
    reason = done.stderr.strip()
    if reason and "codeartifact" in service:
        raise KeyringError(reason)


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the program, which must not hand on to a keyring that may be the one asking."""
    program = find()
    if program is None:
        raise KeyringError(f"{PROGRAM} is missing")
    try:
        return subprocess.run(
            [program, *arguments],
            env={**os.environ, "CODEARTIFACT_KEYRING_SEARCH": os.devnull},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise KeyringError(f"{PROGRAM} cannot be run: {type(error).__name__}") from None


@lru_cache(maxsize=None)
def runs() -> bool:
    """A wheel can be copied to a system that cannot run its program."""
    try:
        return ask("--version").returncode == 0
    except KeyringError:
        return False


@lru_cache(maxsize=None)
def find() -> str | None:
    """The program that was installed with this module, wherever the scripts went; else the one on PATH."""
    try:
        installed = files(PROGRAM) or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.stem == PROGRAM and os.access(file.locate(), os.X_OK):
            return str(file.locate())
    return shutil.which(PROGRAM)
