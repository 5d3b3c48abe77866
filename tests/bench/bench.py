"""Times whole processes, interleaved, against one emulator; prints a table and writes it as JSON.

It measures and never judges: a timed test would fail on a busy machine. `run.sh` starts it.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from world import GO, URL, Emulator, SecretService, sandbox

DOMAIN = ["--domain", "my-domain", "--domain-owner", "111122223333", "--region", "us-east-1"]


@dataclass
class Row:
    """One command to time; `before` runs untimed ahead of each run."""

    group: str
    name: str
    command: list
    variables: dict = field(default_factory=dict)
    before: object = None
    seconds: list = field(default_factory=list)
    memory: list = field(default_factory=list)
    cpu: list = field(default_factory=list)


def measure(row, variables):
    """Runs the command once: wall seconds, peak memory in MiB, CPU seconds."""
    if row.before:
        row.before()
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    started = time.perf_counter()
    process = os.posix_spawn(row.command[0], row.command, {**variables, **row.variables}, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    row.seconds.append(time.perf_counter() - started)
    os.close(null)
    row.memory.append(usage.ru_maxrss / 1024)
    row.cpu.append(usage.ru_utime + usage.ru_stime)
    if status != 0:
        raise SystemExit(f"{row.name}: {' '.join(row.command)} ended with status {status}")


def interleave(rows, runs, variables):
    """One uncounted run of each, then all of them in turn, so that a slow moment of the machine hits everyone."""
    for row in rows:
        measure(row, variables)
        row.seconds.clear(), row.memory.clear(), row.cpu.clear()
    for _ in range(runs):
        for row in rows:
            measure(row, variables)


def warm_rows(release):
    """A token is kept: helpers beside a program that does nothing."""
    file_store = {"CODEARTIFACT_CACHE": "file"}
    go = {**file_store, "GOPROXY": GO}
    return [
        Row("warm", "empty program", [f"{release}/bench-empty"]),
        Row("warm", "codeartifact token", [f"{release}/codeartifact", "token", URL], file_store),
        Row("warm", "codeartifact-keyring get", [f"{release}/codeartifact-keyring", "get", URL, "aws"], file_store),
        Row("warm", "codeartifact-goauth", [f"{release}/codeartifact-goauth"], go),
        Row("warm", "codeartifact-npm", [f"{release}/codeartifact-npm"], file_store),
    ]


def cold_rows(release, peers, home):
    """Nothing is kept: two hops and the token, beside what people use today."""
    def forget():
        shutil.rmtree(home / ".cache/codeartifact", ignore_errors=True)

    # Keys in the environment would win over the profile.
    no_keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    acme = {**no_keys, "AWS_PROFILE": "acme", "AWS_DEFAULT_REGION": "us-east-1"}
    return [
        Row("cold", "codeartifact token", [f"{release}/codeartifact", "token", URL], {"CODEARTIFACT_CACHE": "file"}, forget),
        Row("cold", "aws codeartifact get-authorization-token",
            [f"{peers}/aws", "codeartifact", "get-authorization-token", *DOMAIN], acme),
        Row("cold", "keyring get (keyrings.codeartifact)", [f"{peers}/keyring", "get", URL, "aws"],
            {**acme, "PYTHON_KEYRING_BACKEND": "keyrings.codeartifact.CodeArtifactBackend"}),
    ]


def keyring_rows(release, variables):
    """A token is kept in the Secret Service; beside it the least that keyring-core needs for an entry of that size."""
    subprocess.run([f"{release}/bench-read-keyring", "write"], env=variables, check=True, stdout=subprocess.DEVNULL)
    keyring = {"CODEARTIFACT_CACHE": "keyring"}
    return [
        Row("Secret Service", "minimal keyring-core read", [f"{release}/bench-read-keyring"]),
        Row("Secret Service", "codeartifact token", [f"{release}/codeartifact", "token", URL], keyring),
        Row("Secret Service", "codeartifact-keyring get", [f"{release}/codeartifact-keyring", "get", URL, "aws"], keyring),
    ]


def go_rows(release, go, home, variables):
    """`go mod download` of 20 modules, none of them there yet: our helper beside a token in netrc. A token is kept."""
    program = home / "program"
    program.mkdir()
    modules = [f"example.com/private/numbered-{number:02} v1.0.0" for number in range(1, 21)]
    required = "\n".join(f"\t{module}" for module in modules)
    (program / "go.mod").write_text(f"module example.com/program\n\ngo 1.24\n\nrequire (\n{required}\n)\n")
    netrc = subprocess.run(
        [f"{release}/codeartifact", "token", GO, "--format", "netrc"], env=variables, check=True, capture_output=True
    )
    (home / ".netrc").write_bytes(netrc.stdout)
    modcache = home / "modcache"

    def forget():
        shutil.rmtree(modcache, ignore_errors=True)

    common = {"GOPROXY": GO, "GOMODCACHE": str(modcache), "GOFLAGS": "-modcacherw", "CODEARTIFACT_CACHE": "file"}
    download = [str(go), "-C", str(program), "mod", "download"]
    ours = {**common, "GOAUTH": f"{release}/codeartifact-goauth"}
    return [
        Row("go, 20 modules", "token in netrc", download, {**common, "GOAUTH": "netrc"}, forget),
        Row("go, 20 modules", "codeartifact-goauth", download, ours, forget),
    ]


def summarise(rows):
    base = statistics.median(rows[0].seconds)
    return [
        {
            "group": row.group,
            "name": row.name,
            "median_ms": round(statistics.median(row.seconds) * 1000, 2),
            "min_ms": round(min(row.seconds) * 1000, 2),
            "max_ms": round(max(row.seconds) * 1000, 2),
            "ratio": round(statistics.median(row.seconds) / base, 2),
            "cpu_ms": round(statistics.median(row.cpu) * 1000, 1),
            "memory_mib": round(max(row.memory), 1),
        }
        for row in rows
    ]


def table(results):
    lines = ["| | | median | min – max | ratio | CPU | memory |", "| --- | --- | --: | --: | --: | --: | --: |"]
    for row in results:
        lines.append(
            f"| {row['group']} | {row['name']} | {row['median_ms']:.2f} ms | {row['min_ms']:.2f} – {row['max_ms']:.2f} "
            f"| {row['ratio']:.2f} × | {row['cpu_ms']:.1f} ms | {row['memory_mib']:.1f} MiB |"
        )
    return "\n".join(lines)


def sizes(release):
    names = ["codeartifact", "codeartifact-keyring", "codeartifact-npm", "codeartifact-goauth"]
    return {name: round((release / name).stat().st_size / 1e6, 2) for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["release", "peers", "go", "scenario", "out"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    with tempfile.TemporaryDirectory() as folder:
        results = run(arguments, Path(folder))
    out.mkdir(exist_ok=True)
    report = {"runs": arguments.runs, "results": results, "sizes_mb": sizes(arguments.release)}
    (out / "results.json").write_text(json.dumps(report, indent=2) + "\n")
    print(table(results))
    print("\nsizes in MB:", ", ".join(f"{name} {size}" for name, size in report["sizes_mb"].items()))


def run(arguments, folder):
    home = sandbox(folder)
    emulator = Emulator(arguments.release / "codeartifact-emulator", arguments.scenario, folder / "emulator")
    variables = {
        **emulator.variables,
        "HOME": str(home),
        "PATH": f"{arguments.peers}:/usr/bin:/bin",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }
    os.chdir(home)
    keyring = SecretService.start(home, folder / "runtime")
    try:
        groups = [
            warm_rows(arguments.release),
            cold_rows(arguments.release, arguments.peers, home),
            go_rows(arguments.release, arguments.go, home, {**variables, "CODEARTIFACT_CACHE": "file"}),
        ]
        if keyring:
            variables |= keyring.variables
            groups.append(keyring_rows(arguments.release, variables))
        else:
            print("no gnome-keyring or no session bus: the Secret Service is not timed")
        for rows in groups:
            interleave(rows, arguments.runs, variables)
        return [line for rows in groups for line in summarise(rows)]
    finally:
        for started in [keyring, emulator]:
            if started:
                started.stop()


if __name__ == "__main__":
    main()
