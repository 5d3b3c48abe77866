"""Draws the results as an SVG for the README: how long until there is a token, and what whole installs cost.

    python3 tests/bench/chart.py RESULTS.json CHART.svg

Linear axes from zero for times; for installs the ratio to a static token, since a pip install takes fifty times as long
as one of go. Rows that were not measured are left out.
"""

import json
import sys
from html import escape
from pathlib import Path

WIDTH, LABELS, LINE = 760, 270, 22
PLOT = WIDTH - LABELS - 90

# Group and row of the results, what the chart says of it, whether it is ours.
TIMES = [
    ("today", "codeartifact-keyring get", "codeartifact-keyring, token kept", True),
    ("cold, 2 hops, +0 ms", "codeartifact token", "codeartifact token, nothing kept", True),
    ("today", "keyring get (keyrings.codeartifact)", "keyrings.codeartifact", False),
    ("today", "aws codeartifact get-authorization-token", "aws codeartifact get-authorization-token", False),
    ("today", "aws codeartifact login", "aws codeartifact login", False),
]
INSTALLS = ["pip install", "uv pip install", "npm ci", "go mod download"]

STYLE = """
    text { font: 12px system-ui, sans-serif; fill: #24292f }
    .title { font-weight: 600; font-size: 13px }
    .note { fill: #57606a }
    .ours { fill: #0969da }
    .others { fill: #8c959f }
    .axis { stroke: #d0d7de }
    .goal { stroke: #57606a; stroke-dasharray: 3 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .note { fill: #8d96a0 }
      .ours { fill: #4493f8 }
      .others { fill: #6e7681 }
      .axis { stroke: #3d444d }
      .goal { stroke: #8d96a0 }
    }
"""


def main(results, chart):
    results = json.loads(Path(results).read_text())["results"]
    write(results, Path(chart))


def write(results, path):
    lines, height = times(results, 20)
    more, height = installs(results, height + 30)
    body = "\n".join(f"  {line}" for line in lines + more)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    path.write_text(f"{head}\n  <style>{STYLE}  </style>\n{body}\n</svg>\n")


def times(results, top):
    """A bar each."""
    rows = [(label, ours, found) for group, name, label, ours in TIMES if (found := find(results, group, name))]
    if not rows:
        return [], top - 30
    if not rows:
        return [], top
    scale = PLOT / max(found["median_ms"] for *_, found in rows)
    lines = [text(0, top, "Until the client has a token, through two roles (median)", "title")]
    for label, ours, found in rows:
        top += LINE
        length = found["median_ms"] * scale
        style = "ours" if ours else "others"
        lines += [
            text(0, top, label),
            f'<rect class="{style}" x="{LABELS}" y="{top - 11}" width="{max(length, 1):.1f}" height="14"/>',
            text(LABELS + length + 6, top, milliseconds(found["median_ms"])),
        ]
    return lines, top


def installs(results, top):
    """A dot each, at its ratio to the same install with a static token."""
    rows = [row for row in results if row["group"].startswith(tuple(INSTALLS)) and row["name"].startswith("codeartifact")]
    if not rows:
        return [], top
    least, most = 0.95, max(1.10, max(row["ratio"] for row in rows) + 0.02)
    place = lambda ratio: LABELS + (min(max(ratio, least), most) - least) / (most - least) * PLOT
    bottom = top + 8 + LINE * len(rows)
    lines = [text(0, top, "Whole installs beside a static token (median)", "title")]
    for style, ratio, label in [("axis", 1.0, "1.00 ×"), ("goal", 1.03, "1.03 ×")]:
        lines += [
            f'<line class="{style}" x1="{place(ratio):.1f}" x2="{place(ratio):.1f}" y1="{top + 8}" y2="{bottom}"/>',
            text(place(ratio), bottom + 14, label, "note", "middle"),
        ]
    for row in rows:
        top += LINE
        lines += [
            text(0, top, row["group"] + (" package" if row["group"].endswith(", 1") else " packages")),
            f'<circle class="ours" cx="{place(row["ratio"]):.1f}" cy="{top - 4}" r="5"/>',
            text(LABELS + PLOT + 6, top, f"{row['ratio']:.2f} ×"),
        ]
    return lines, bottom + 24


def find(results, group, name):
    return next((row for row in results if (row["group"], row["name"]) == (group, name)), None)


def text(x, y, words, style="", anchor="start"):
    style = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y}"{style} text-anchor="{anchor}">{escape(words)}</text>'


def milliseconds(number):
    return f"{number:.1f} ms" if number < 10 else f"{number:.0f} ms"


if __name__ == "__main__":
    main(*sys.argv[1:])
