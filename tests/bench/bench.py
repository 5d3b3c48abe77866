"""Times the helpers beside what people use today; prints a table and writes it as JSON. `run.sh` starts it."""

import argparse
import json
import os
import tempfile
from pathlib import Path

import chart
import groups
import installs
from measure import Stopwatch, summarise
from world import World

# The two files of a release; every other program is a name of one of them.
FILES = ["codeartifact", "codeartifact-aws"]


def main():
    arguments = parse()
    with tempfile.TemporaryDirectory() as folder:
        world = World(arguments, Path(folder))
        os.chdir(world.home)
        try:
            results = list(measure(world, arguments))
        finally:
            world.stop()
    sizes = {name: round((arguments.programs / name).stat().st_size / 1e6, 2) for name in FILES}
    report = {"runs": arguments.runs, "results": results, "sizes_mb": sizes}
    arguments.out.mkdir(exist_ok=True)
    (arguments.out / "results.json").write_text(json.dumps(report, indent=2) + "\n")
    chart.write(results, arguments.out / "chart.svg")
    print("\nsizes in MB:", ", ".join(f"{name} {size}" for name, size in sizes.items()))


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["programs", "tools", "peers", "clients", "scenario", "out"]:
        parser.add_argument(f"--{name}", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", default="", help="a part of the groups' names")
    return parser.parse_args()


def measure(world, arguments):
    print("| | | median | min – max | ratio | CPU | peak | AWS asked |\n| --- | --- | --: | --: | --: | --: | --: | --: |")
    stopwatch = Stopwatch(world.tool("bench-launch"), world.variables, world.emulator.journal)
    for name, delay, rows in wanted(world, arguments.only):
        world.emulator.delay(delay)
        timed = rows(world)
        stopwatch.interleave(timed, arguments.runs)
        for line in summarise(timed):
            print(as_row(line), flush=True)
            yield line


def wanted(world, only):
    """Name, delay and rows of each group, in the order of the README."""
    every = [("warm, file", 0, groups.warm), ("warm, connections", 0, groups.connections)]
    if world.keyring:
        every.append(("warm, Secret Service", 0, groups.keyring))
    else:
        print("no gnome-keyring or no session bus: the Secret Service is not timed")
    every.append(("today", 0, groups.today))
    for delay in [0, 40]:
        for hops in [0, 1, 2]:
            every.append((f"cold {hops} {delay}", delay, lambda world, hops=hops, delay=delay: groups.cold(world, hops, delay)))
    every.append(("cold, at once", 0, groups.crowd))
    every += [(name, 0, rows) for name, rows in installs.groups()]
    return [group for group in every if only in group[0]]


def as_row(line):
    return (
        f"| {line['group']} | {line['name']} | {line['median_ms']:.2f} ms | {line['min_ms']:.2f} – {line['max_ms']:.2f} "
        f"| {line['ratio']:.2f} × | {line['cpu_ms']:.1f} ms | {line['memory_mib']:.1f} MiB "
        f"| {' – '.join(map(str, line['aws_calls']))} |"
    )


if __name__ == "__main__":
    main()
