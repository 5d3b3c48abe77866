"""Times whole processes, interleaved. It measures and never judges: a timed test would fail on a busy machine."""

import statistics
import subprocess
from dataclasses import dataclass, field


@dataclass
class Row:
    """One command to time. `before` runs untimed ahead of each run; without `counts` it only shows for comparison."""

    group: str
    name: str
    command: list
    variables: dict = field(default_factory=dict)
    before: object = None
    seconds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    memory: list = field(default_factory=list)


class Stopwatch:
    """Runs commands through the launcher, which tells what each took."""

    def __init__(self, launcher, variables):
        self.launcher = launcher
        self.variables = variables

    def run(self, row):
        if row.before:
            row.before()
        command = [self.launcher, *map(str, row.command)]
        done = subprocess.run(command, env={**self.variables, **row.variables}, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{row.name}: {' '.join(command[1:])} failed: {done.stderr}")
        return [float(number) for number in done.stdout.split()]

    def interleave(self, rows, runs):
        """One uncounted run of each, then all of them in turn, so that a slow moment of the machine hits everyone."""
        for row in rows:
            self.run(row)
        for _ in range(runs):
            for row in rows:
                seconds, cpu, kibibytes = self.run(row)
                row.seconds.append(seconds)
                row.cpu.append(cpu)
                row.memory.append(kibibytes / 1024)


def summarise(rows):
    """The first row is what the others of its group are held against, run by run."""
    return [
        {
            "group": row.group,
            "name": row.name,
            "median_ms": round(statistics.median(row.seconds) * 1000, 2),
            "min_ms": round(min(row.seconds) * 1000, 2),
            "max_ms": round(max(row.seconds) * 1000, 2),
            "ratio": round(statistics.median(ratios(row, rows[0])), 2),
            "cpu_ms": round(statistics.median(row.cpu) * 1000, 1),
            "memory_mib": round(max(row.memory), 1),
        }
        for row in rows
    ]


def ratios(row, base):
    """Pair by pair, so that the ratio holds when the machine's speed drifts."""
    return [one / other for one, other in zip(row.seconds, base.seconds)]
