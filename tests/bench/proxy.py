#!/usr/bin/env python3
"""Times `codeartifact proxy` beside a plain tunnel, in one run against one emulator, and prints a table.

    tests/bench/proxy.py PROGRAMS        a folder with the programs and codeartifact-emulator

The plain tunnel goes through the same program, which only passes it on: the run of another connection. There the client
sends the token itself. The emulator answers both, so its own time is in both.
"""

import asyncio
import base64
import json
import os
import resource
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
ROOT = Path(__file__).resolve().parents[2]
SIZE = 200 << 20
# Bytes a second.
LINKS = {"1 Gbit/s": 125_000_000, "2.5 Gbit/s": 312_500_000}
# The largest file that CodeArtifact takes, unless its quota is raised. The emulator makes it while it sends it.
LARGEST = 5_000_000_000
CONFIG = f"""
[defaults]
via = ["arn:aws:iam::198331734661:role/IntegrationReadOnly"]
[connections.acme]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactReader"
external_id = "acme-7f3c2a91"
npm = "https://{HOST}/npm/my-repo/"
pypi = "https://{HOST}/pypi/my-repo/simple/"
[connections.other]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactReader"
external_id = "acme-7f3c2a91"
npm = "https://my-other-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
"""


def start(command, **options):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)


def processor_time(pid):
    """Seconds of a core that a process has taken until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Proxy:
    """A proxy that serves, how long it took to be ready, and its variables."""

    def __init__(self, world, connection, *options):
        directory = Path(tempfile.mkdtemp(dir=world.home))
        began = time.perf_counter()
        command = [world.codeartifact, "proxy", "--connection", connection, "--directory", directory, *options]
        self.process = start(command, env=world.variables)
        world.processes.append(self.process)
        self.process.stdout.readline()
        self.ready = time.perf_counter() - began
        said = subprocess.run([world.codeartifact, "proxy", "env", "--directory", directory, "--format", "json"],
                              env=world.variables, capture_output=True, text=True, check=True)
        self.variables = json.loads(said.stdout)
        self.url = urllib.parse.urlsplit(self.variables["HTTPS_PROXY"])
        self.roots = world.variables["SSL_CERT_FILE"] if connection == "other" else self.variables["SSL_CERT_FILE"]
        self.context = ssl.create_default_context(cafile=self.roots)

    def memory(self, field="VmRSS"):
        """The resident memory in bytes: now, or (`VmHWM`) at most until now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{field}:")[1].split()[0]) * 1024

    def processor_time(self):
        return processor_time(self.process.pid)

    async def tunnel(self, host=HOST):
        password = base64.b64encode(f"{self.url.username}:{self.url.password}".encode()).decode()
        reader, writer = await asyncio.open_connection(self.url.hostname, self.url.port)
        writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nProxy-Authorization: Basic {password}\r\n\r\n".encode())
        status = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in status, status
        await writer.start_tls(self.context, server_hostname=host)
        return reader, writer


async def get(reader, writer, path, token=None):
    """The status and the number of bytes of an answer."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{authorization}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    headers = dict(line.lower().split(": ", 1) for line in head.strip().split("\r\n")[1:])
    left = length = int(headers.get("content-length", 0))
    while left:
        left -= len(await reader.read(min(left, 1 << 20)))
    return int(head.split()[1]), length


def download(proxy, path, token, rate=None):
    """Seconds that curl takes for the big file, and those of a core. It follows a redirect itself, which a tunnel leaves to it."""
    command = ["curl", "--silent", "--show-error", "--location", "--output", "/dev/null", "--write-out", "%{size_download}",
               "--proxy", proxy.variables["HTTPS_PROXY"], "--cacert", proxy.roots, f"https://{HOST}{path}"]
    command += ["--header", f"Authorization: Bearer {token}"] if token else []
    command += ["--limit-rate", str(rate)] if rate else []
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert int(said.stdout) == SIZE, said
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def downloads(world, ways, path, count, rate=None):
    """For each way to the file, medians of seconds, and seconds of a core for a GB: of proxy, emulator and client."""
    times, costs = [[] for _ in ways], [[0, 0, 0] for _ in ways]
    for _ in range(count):
        for index, (proxy, token) in enumerate(ways):
            pids = [proxy.process.pid, world.emulator.pid]
            before = [processor_time(pid) for pid in pids]
            took, client = download(proxy, path, token, rate)
            times[index].append(took)
            spent = [processor_time(pid) - then for pid, then in zip(pids, before)] + [client]
            costs[index] = [cost + more for cost, more in zip(costs[index], spent)]
    gigabytes = count * SIZE / 1e9
    return [statistics.median(some) for some in times], [[cost / gigabytes for cost in some] for some in costs]


async def crowd(proxy, tunnels, seconds):
    """Requests a second by clients that each ask again at once, and the time that the proxy takes a core for one."""
    open_ones = [await proxy.tunnel() for _ in range(tunnels)]
    end, before = time.perf_counter() + seconds, proxy.processor_time()

    async def ask(reader, writer):
        count = 0
        while time.perf_counter() < end:
            assert (await get(reader, writer, "/npm/my-repo/my-package"))[0] == 200
            count += 1
        writer.close()
        return count

    counts = await asyncio.gather(*(ask(*one) for one in open_ones))
    return sum(counts) / seconds, (proxy.processor_time() - before) / sum(counts)


async def largest(world, path):
    """Seconds for a file of 5 GB through a proxy of its own, and the most memory that this proxy has had."""
    proxy = Proxy(world, "acme")
    world.faults("POST", {"fault": "large", "action": "asset", "bytes": LARGEST})
    began = time.perf_counter()
    reader, writer = await proxy.tunnel()
    status, length = await get(reader, writer, path)
    took = time.perf_counter() - began
    writer.close()
    world.faults("DELETE")
    assert (status, length) == (200, LARGEST), (status, length)
    return took, proxy.memory("VmHWM")


async def warm(proxy, token, count):
    reader, writer = await proxy.tunnel()
    times = []
    for _ in range(count):
        began = time.perf_counter()
        assert (await get(reader, writer, "/npm/my-repo/my-package", token=token))[0] == 200
        times.append(time.perf_counter() - began)
    writer.close()
    return times


async def new(proxy, token, count):
    times = []
    for _ in range(count):
        began = time.perf_counter()
        reader, writer = await proxy.tunnel()
        assert (await get(reader, writer, "/npm/my-repo/my-package", token=token))[0] == 200
        times.append(time.perf_counter() - began)
        writer.close()
    return times


async def at_once(proxy, count):
    """Tunnels that are all open before the first request is sent. How many were answered."""
    gate = asyncio.Semaphore(100)

    async def opened():
        async with gate:
            return await proxy.tunnel()

    tunnels = await asyncio.gather(*(opened() for _ in range(count)))
    memory = proxy.memory()
    asked = (get(reader, writer, "/npm/my-repo/my-package") for reader, writer in tunnels)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for _, writer in tunnels:
        writer.close()
    return sum(1 for answer in answers if not isinstance(answer, Exception) and answer[0] == 200), memory


class World:
    def __init__(self, programs, home):
        self.home, self.codeartifact = home, programs / "codeartifact"
        packages = home / "packages"
        shutil.copytree(ROOT / "tests/packages", packages)
        (packages / "pypi/big").mkdir()
        self.wheel = packages / "pypi/big/big-1.0.0-py3-none-any.whl"
        with zipfile.ZipFile(self.wheel, "w") as wheel:
            wheel.writestr("big-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: big\nVersion: 1.0.0\n")
            wheel.writestr("big-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr("big-1.0.0.dist-info/RECORD", "")
            wheel.writestr("big/data", b"")
        with open(self.wheel, "r+b") as file:
            # A comment at the end fills it up, as far as the format allows; zeros before the archive do the rest.
            archive = file.read()
            file.seek(0)
            file.write(bytes(SIZE - len(archive)) + archive)
        scenario = (ROOT / "tests/end-to-end/scenarios/two-hops.toml").read_text().replace("../../packages", str(packages))
        (home / "scenario.toml").write_text(scenario)
        (home / "config.toml").write_text(CONFIG)
        self.emulator = start([programs / "codeartifact-emulator", "serve", "--port", "0", "--scenario", home / "scenario.toml",
                               "--directory", home / "emulator"])
        self.emulator.stdout.readline()
        self.processes = [self.emulator]
        said = subprocess.run([programs / "codeartifact-emulator", "env", "--format", "json", "--directory", home / "emulator"],
                              capture_output=True, text=True, check=True)
        self.variables = json.loads(said.stdout) | {
            "HOME": str(home), "PATH": os.environ["PATH"], "CODEARTIFACT_CONFIG": str(home / "config.toml"),
            "CODEARTIFACT_CACHE": "off", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        }

    def faults(self, method, fault=None):
        url = urllib.parse.urlsplit(self.variables["HTTPS_PROXY"])
        body = json.dumps(fault).encode() if fault else None
        asked = urllib.request.Request(f"http://{url.hostname}:{url.port}/_emulator/faults", data=body, method=method)
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked).close()

    def token(self):
        said = subprocess.run([self.codeartifact, "token", f"https://{HOST}/npm/my-repo/"], env=self.variables,
                              capture_output=True, text=True, check=True)
        return said.stdout.strip()


def npm_ci(world, variables, lines):
    """The median of seconds for `npm ci` of 20 packages."""
    folder = world.home / "npm"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = [f"numbered-{number:02}" for number in range(1, 21)]
    (folder / "package.json").write_text(json.dumps({"name": "p", "version": "1.0.0", "dependencies": {name: "*" for name in names}}))
    (folder / ".npmrc").write_text(f"registry=https://{HOST}/npm/my-repo/\n{lines}")
    npm = ROOT / "tests/.clients/npm/bin/npm"
    variables = variables | {"HOME": str(folder), "PATH": os.environ["PATH"]}
    times = []
    for verb in ["install", "ci", "ci", "ci", "ci", "ci"]:
        began = time.perf_counter()
        subprocess.run([npm, verb, "--cache", folder / f"cache{len(times)}"], cwd=folder, env=variables, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


async def measure(world):
    token = world.token()
    ours, tunnel = Proxy(world, "acme"), Proxy(world, "other", "--others", "tunnel")
    idle = ours.memory()
    await warm(ours, None, 5)
    print("| | found | goal | met |\n| --- | --- | --- | --- |")

    def row(what, found, limit, ok):
        print(f"| {what} | {found} | {limit} | {'yes' if ok else 'NO'} |", flush=True)

    ready = [ours.ready]
    for _ in range(9):
        other = Proxy(world, "acme")
        ready.append(other.ready)
        other.process.send_signal(signal.SIGTERM)
        other.process.wait()
    row("ready", f"{statistics.median(ready) * 1000:.0f} ms", "20 ms", statistics.median(ready) <= 0.020)
    path = "/pypi/my-repo/simple/big/1.0.0/big-1.0.0-py3-none-any.whl"
    ways = [(ours, None), (tunnel, token)]
    (mine, theirs), (my_cost, their_cost) = downloads(world, ways, path, 15)
    row("a file of 200 MB", f"{theirs / mine:.2f} × of a tunnel ({SIZE / mine / 1e6:.0f} MB/s)", "0.9 ×", theirs / mine >= 0.9)
    shares = ", ".join(f"{who} {cost:.2f} s" for who, cost in zip(["proxy", "emulator", "curl"], my_cost))
    print(f"| a core's time for a GB of it | {shares}; tunnel {their_cost[0]:.2f} s | | |", flush=True)
    for link, rate in LINKS.items():
        (mine, theirs), _ = downloads(world, ways, path, 5, rate)
        row(f"the file at {link}", f"{theirs / mine:.2f} × of a tunnel ({SIZE / mine / 1e6:.0f} MB/s)", "0.9 ×", theirs / mine >= 0.9)
    row("memory after it", f"{ours.memory() / 1e6:.0f} MB (idle {idle / 1e6:.0f})", "30 MiB", ours.memory() <= 30 << 20)
    took, memory = await largest(world, path)
    row("a file of 5 GB", f"{LARGEST / took / 1e6:.0f} MB/s, {memory / 1e6:.0f} MB of memory at most", "30 MiB", memory <= 30 << 20)
    for what, function, limit in [("a request on a warm tunnel", warm, 1), ("a request on a new tunnel", new, 8)]:
        mine, theirs = [statistics.median(await function(proxy, key, 200)) * 1000 for proxy, key in [(ours, None), (tunnel, token)]]
        row(what, f"{mine - theirs:+.2f} ms ({mine:.2f}, tunnel {theirs:.2f})", f"+{limit} ms", mine - theirs <= limit)
    answered, memory = await at_once(ours, 1000)
    row("1,000 requests at once", f"{answered} answered", "1,000", answered == 1000)
    row("memory then", f"{memory / 1e6:.0f} MB", "30 MiB + 64 KiB each", memory <= (30 << 20) + 1000 * (64 << 10))
    rate, cost = await crowd(ours, 64, 10)
    # The clients, the proxy and the emulator share the machine, so the cost says more than the rate.
    most = 2 / cost
    row("requests on 64 warm tunnels", f"{rate:.0f} a second here; {cost * 1e6:.0f} µs of a core each, so {most:.0f} on two", "5,000", most >= 5000)
    mine = npm_ci(world, ours.variables, "")
    direct = npm_ci(world, world.variables, f"//{HOST}/npm/my-repo/:_authToken={token}\n")
    row("npm ci of 20 packages", f"{mine / direct:.2f} × of the direct one ({mine:.2f} s)", "1.05 ×", mine / direct <= 1.05)


def main():
    with tempfile.TemporaryDirectory() as home:
        world = World(Path(sys.argv[1]).resolve(), Path(home))
        try:
            asyncio.run(measure(world))
        finally:
            for process in world.processes:
                process.terminate()


main()
