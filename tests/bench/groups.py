"""What is timed beside what: each function returns the rows of one group, the base first."""

import json
import os
import shutil
import subprocess

from measure import Row
from world import CHAINS, DOMAIN, GO, HOST, OWNER, REGION, URL, configuration, keys

AWS_DOMAIN = ["--domain", DOMAIN, "--domain-owner", OWNER, "--region", REGION]

FILE = {"CODEARTIFACT_CACHE": "file"}


def warm(world):
    """A token is kept in a file: helpers beside a program that does nothing."""
    group, ours = "warm, file", world.ours
    return [
        Row(group, "empty program", [world.tool("bench-empty")]),
        Row(group, "codeartifact token", [ours("codeartifact"), "token", URL], FILE),
        Row(group, "codeartifact-keyring get", [ours("codeartifact-keyring"), "get", URL, "aws"], FILE),
        Row(group, "codeartifact-goauth", [ours("codeartifact-goauth")], {**FILE, "GOPROXY": GO}),
        Row(group, "codeartifact-npm", [ours("codeartifact-npm")], FILE),
        Row(group, "codeartifact-cargo", [ours("codeartifact-cargo"), "--cargo-plugin"], FILE, input=said(world, "cargo", CARGO)),
        Row(group, "codeartifact-bazel get", [ours("codeartifact-bazel"), "get"], FILE, input=said(world, "bazel", [BAZEL])),
        Row(group, "nuget-plugin-codeartifact", [ours("nuget-plugin-codeartifact"), "-Plugin"], FILE,
            input=said(world, "nuget", nuget())),
        bundle(world, group),
    ]


# What cargo, Bazel and NuGet say to their helpers.
CARGO = [
    {
        "v": 1,
        "registry": {"index-url": f"sparse+{HOST}/cargo/my-repo/"},
        "kind": "get",
        "operation": "read",
        "args": [],
    }
]
BAZEL = {"uri": f"{HOST}/maven/my-repo/com/example/a.jar"}


def nuget():
    """The whole conversation of one source; NuGet then closes the plugin's input."""
    index = f"{HOST}/nuget/my-repo/v3/index.json"
    asked = [
        ("Handshake", {"ProtocolVersion": "2.0.0", "MinimumProtocolVersion": "1.0.0"}),
        ("Initialize", {"ClientVersion": "6.14.0", "Culture": "en", "RequestTimeout": "00:00:05"}),
        ("GetOperationClaims", {}),
        ("GetAuthenticationCredentials", {"Uri": index, "IsRetry": False, "IsNonInteractive": True, "CanShowDialog": False}),
    ]
    return [
        {"RequestId": f"00000000-0000-0000-0000-{number:012}", "Type": "Request", "Method": method, "Payload": payload}
        for number, (method, payload) in enumerate(asked)
    ]


def said(world, name, messages):
    return str(world.write(f"{name}.json", "".join(f"{json.dumps(message)}\n" for message in messages)))


def bundle(world, group):
    """It becomes Bundler, for which a program that does nothing stands here: two programs, so twice the base is the least."""
    world.write("Gemfile", f'source "{HOST}/ruby/my-repo/"\n')
    folder = world.home / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "bundle").symlink_to(world.tool("bench-empty"))
    path = {"PATH": os.pathsep.join([str(folder), world.variables["PATH"]])}
    return Row(group, "codeartifact-ruby, then an empty program", [world.ours("codeartifact-ruby"), "bundle", "install"], {**FILE, **path})


def keyring(world):
    """A token is kept in the Secret Service; beside it the least that keyring-core needs for an entry of that size."""
    group, store = "warm, Secret Service", {"CODEARTIFACT_CACHE": "keyring"}
    reader = [world.tool("bench-read-keyring")]
    subprocess.run([*reader, "write"], env=world.variables, check=True, stdout=subprocess.DEVNULL)
    return [
        Row(group, "minimal keyring-core read", reader),
        Row(group, "empty program", [world.tool("bench-empty")]),
        Row(group, "codeartifact token", [world.ours("codeartifact"), "token", URL], store),
        Row(group, "codeartifact-keyring get", [world.ours("codeartifact-keyring"), "get", URL, "aws"], store),
    ]


def today(world):
    """What people use today for each answer, beside ours from the cache."""
    # What login writes goes through pip, whose settings the emulator's variables have turned off.
    pip_of_its_own = {"PIP_CONFIG_FILE": str(world.home / "pip.conf")}
    login = ["codeartifact", "login", "--tool", "pip", "--repository", "my-repo", *AWS_DOMAIN]
    return [
        Row("today", "codeartifact-keyring get", [world.ours("codeartifact-keyring"), "get", URL, "aws"], FILE),
        *peers(world, "today", 2),
        Row("today", "aws codeartifact login", [world.peers / "aws", *login], {**profile(2), **pip_of_its_own}, forget_roles(world)),
    ]


def cold(world, hops, delay):
    """Nothing is kept: so many roles and the token, each round trip taking `delay` milliseconds more."""
    group = f"cold, {hops} hops, +{delay} ms"
    roles = [part for role in CHAINS[hops][1] for part in role]
    file = world.write(f"{hops}-hops.toml", configuration(hops))
    ours = {"CODEARTIFACT_CACHE": "off", "CODEARTIFACT_CONFIG": str(file), **keys(hops)}
    return [
        Row(group, "bare program", [world.tool("bench-bare"), REGION, DOMAIN, OWNER, *roles], keys(hops)),
        Row(group, "codeartifact token", [world.ours("codeartifact"), "token", URL], ours),
        Row(group, "codeartifact-keyring get", [world.ours("codeartifact-keyring"), "get", URL, "aws"], ours),
        *peers(world, group, hops),
    ]


def peers(world, group, hops):
    backend = {"PYTHON_KEYRING_BACKEND": "keyrings.codeartifact.CodeArtifactBackend"}
    command = [world.peers / "aws", "codeartifact", "get-authorization-token", *AWS_DOMAIN]
    before = forget_roles(world)
    return [
        Row(group, "keyring get (keyrings.codeartifact)", [world.peers / "keyring", "get", URL, "aws"],
            {**profile(hops), **backend}, before),
        Row(group, "aws codeartifact get-authorization-token", command, profile(hops), before),
    ]


def profile(hops):
    """Keys in the environment would win over the profile."""
    return {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_DEFAULT_REGION": REGION, "AWS_PROFILE": CHAINS[hops][2]}


def forget_roles(world):
    """The CLI keeps the credentials of roles."""
    return lambda: shutil.rmtree(world.home / ".aws/cli", ignore_errors=True)


def connections(world):
    """A token is kept, and the configuration has more and more connections beside the one that is asked for."""
    rows = []
    for count in [1, 10, 1000, 10000]:
        file = world.write(f"{count}-connections.toml", configuration(customers=count - 1))
        store = {**FILE, "CODEARTIFACT_CONFIG": str(file)}
        command = [world.ours("codeartifact-keyring"), "get", URL, "aws"]
        rows.append(Row("warm, connections", f"{count:,}", command, store))
    return rows


def crowd(world):
    """Nothing is kept, and a hundred ask at once: one of them asks AWS, the others wait for what it gets."""
    group, command = "cold, at once", [world.ours("codeartifact-keyring"), "get", URL, "aws"]
    forget = lambda: shutil.rmtree(world.home / ".cache/codeartifact", ignore_errors=True)
    return [Row(group, f"{copies} helpers", command, FILE, forget, copies) for copies in [1, 100]]
