"""Whole installs while a token is kept, beside the same with that token in the client's own settings.

Nothing but the way to the token differs: the packages, the emulator and the empty caches are the same.
"""

import json
import shutil
import subprocess

from measure import Row
from world import GO, NPM, URL

NUMBERED = [f"numbered-{number:02}" for number in range(1, 21)]


def groups():
    """Name and rows of each: every client with one package, and with twenty."""
    clients = [("pip install", pip), ("uv pip install", uv), ("npm ci", npm), ("go mod download", go)]
    return [
        (group := f"{client}, {len(packages)}", lambda world, make=make, group=group, packages=packages: make(Place(world), group, packages))
        for client, make in clients
        for packages in [NUMBERED[:1], NUMBERED]
    ]


class Place:
    """A `PATH` on which `keyring` is ours, and a token that is kept."""

    def __init__(self, world):
        self.world, self.home = world, world.home
        programs = self.home / "programs"
        if not programs.exists():
            programs.mkdir()
            (programs / "keyring").symlink_to(world.ours("codeartifact-keyring"))
            (programs / "npm").symlink_to(self.client("npm"))
        path = f"{programs}:{world.clients}/machine/bin:/usr/bin:/bin"
        self.variables = {**world.variables, "CODEARTIFACT_CACHE": "file", "PATH": path}
        self.token = self.run(world.ours("codeartifact"), "token", URL).strip()

    def client(self, name):
        return self.world.clients / name / "bin" / name

    def run(self, *command, **more):
        done = subprocess.run(command, env={**self.variables, **more}, check=True, capture_output=True, text=True)
        return done.stdout

    def rows(self, group, static, ours, *leftovers):
        """The same install twice, each as (name, command, variables); what it leaves is taken away before each run."""

        def forget():
            for folder in leftovers:
                shutil.rmtree(folder, ignore_errors=True)

        return [Row(group, name, command, {**self.variables, **variables}, forget) for name, command, variables in [static, ours]]

    def with_token(self, url):
        return url.replace("https://", f"https://aws:{self.token}@")


def pip(place, group, packages):
    target = place.home / "pip-target"
    command = [place.client("pip"), "install", "--quiet", "--no-cache-dir", "--no-input", "--target", target, *packages]
    static = {"PIP_INDEX_URL": place.with_token(URL), "PIP_KEYRING_PROVIDER": "disabled"}
    ours = {"PIP_INDEX_URL": URL, "PIP_KEYRING_PROVIDER": "subprocess"}
    return place.rows(group, ("token in the URL", command, static), ("codeartifact-keyring", command, ours), target)


def uv(place, group, packages):
    target = place.home / "uv-target"
    command = [place.client("uv"), "pip", "install", "--quiet", "--no-cache", "--target", target, *packages]
    common = {"UV_PYTHON": str(place.world.clients / "machine/bin/python3"), "UV_PYTHON_DOWNLOADS": "never"}
    static = {**common, "UV_DEFAULT_INDEX": place.with_token(URL)}
    # For an index with a user name, uv would first send each file's request without a password.
    settings = place.home / "uv.toml"
    settings.write_text(f'[[index]]\nname = "my-repo"\nurl = "{URL}"\ndefault = true\nauthenticate = "always"\n')
    ours = {**common, "UV_CONFIG_FILE": str(settings), "UV_KEYRING_PROVIDER": "subprocess"}
    return place.rows(group, ("token in the URL", command, static), ("codeartifact-keyring", command, ours), target)


def npm(place, group, packages):
    project, cache = place.home / f"npm-{len(packages)}", place.home / "npm-cache"
    project.mkdir()
    dependencies = dict.fromkeys(packages, "1.0.0")
    (project / "package.json").write_text(json.dumps({"name": "p", "version": "1.0.0", "dependencies": dependencies}))
    settings = place.home / "static.npmrc"
    settings.write_text(f"registry={NPM}\n{NPM.removeprefix('https:')}:_authToken={place.token}\n")
    common = {"npm_config_cache": str(cache), "npm_config_fund": "false"}
    static = {**common, "npm_config_userconfig": str(settings)}
    place.run("npm", "install", "--package-lock-only", "--prefix", project, **static)
    install = ["ci", "--silent", "--prefix", project]
    ours = [place.world.ours("codeartifact-npm"), "exec", "--", "npm", *install]
    return place.rows(
        group,
        ("token in .npmrc", [place.client("npm"), *install], static),
        ("codeartifact-npm exec", ours, common),
        project / "node_modules",
        cache,
    )


def go(place, group, packages):
    """The netrc is at a place of its own: ours must do without it."""
    cache, netrc = place.home / "go-modules", place.home / "token.netrc"
    netrc.write_text(place.run(place.world.ours("codeartifact"), "token", GO, "--format", "netrc"))
    command = [place.client("go"), "mod", "download", *(f"example.com/private/{package}@v1.0.0" for package in packages)]
    common = {"GOPROXY": GO, "GOMODCACHE": str(cache), "GOFLAGS": "-modcacherw"}
    static = {**common, "GOAUTH": "netrc", "NETRC": str(netrc)}
    ours = {**common, "GOAUTH": place.world.ours("codeartifact-goauth")}
    return place.rows(group, ("token in netrc", command, static), ("codeartifact-goauth", command, ours), cache)
