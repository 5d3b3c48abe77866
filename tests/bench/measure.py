"""Times whole processes, interleaved. It measures and never judges: a timed test would fail on a busy machine."""

import json
import os
import statistics
import subprocess
from dataclasses import dataclass, field


@dataclass
class Row:
    """One command to time, or copies of it at once. `before` runs untimed ahead of each run; `input` is a file that it reads."""

    group: str
    name: str
    command: list
    variables: dict = field(default_factory=dict)
    before: object = None
    copies: int = 1
    input: str = os.devnull
    seconds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    memory: list = field(default_factory=list)
    calls: list = field(default_factory=list)


class Stopwatch:
    """Runs commands through the launcher, which tells what each took; the emulator's journal tells who asked AWS."""

    def __init__(self, launcher, variables, journal):
        self.launcher = launcher
        self.variables = variables
        self.journal = journal

    def run(self, row):
        if row.before:
            row.before()
        command = [self.launcher, *map(str, [row.copies, *row.command])]
        with open(row.input) as said:
            done = subprocess.run(
                command, env={**self.variables, **row.variables}, stdin=said, capture_output=True, text=True
            )
        if done.returncode != 0:
            raise SystemExit(f"{row.name}: {' '.join(command[2:])} failed: {done.stderr}")
        return [float(number) for number in done.stdout.split()]

    def interleave(self, rows, runs):
        """One uncounted run of each, then all of them in turn, so that a slow moment of the machine hits everyone; there
        and back, so that nobody always comes second."""
        for row in rows:
            self.run(row)
        for number in range(runs):
            for row in rows if number % 2 else reversed(rows):
                asked = self.calls()
                seconds, cpu, kibibytes = self.run(row)
                row.calls.append(self.calls() - asked)
                row.seconds.append(seconds)
                row.cpu.append(cpu)
                row.memory.append(kibibytes / 1024)

    def calls(self):
        """How often STS or CodeArtifact itself was asked so far."""
        with self.journal.open() as lines:
            return sum(json.loads(line)["action"].startswith(("sts:", "codeartifact:")) for line in lines)


def summarise(rows):
    """The first row is what the others of its group are held against, run by run."""
    return [
        {
            "group": row.group,
            "name": row.name,
            "median_ms": round(statistics.median(row.seconds) * 1000, 2),
            "min_ms": round(min(row.seconds) * 1000, 2),
            "max_ms": round(max(row.seconds) * 1000, 2),
            "ratio": round(statistics.median(ratios(row, rows[0])), 3),
            "cpu_ms": round(statistics.median(row.cpu) * 1000, 1),
            "memory_mib": round(max(row.memory), 1),
            "aws_calls": sorted({min(row.calls), max(row.calls)}),
        }
        for row in rows
    ]


def ratios(row, base):
    """Pair by pair, so that the ratio holds when the machine's speed drifts."""
    return [one / other for one, other in zip(row.seconds, base.seconds)]
