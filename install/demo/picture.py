"""Draws a terminal session, read from standard input, as an SVG on standard output.

    cargo test -p codeartifact-end-to-end --test readme -- --ignored picture

runs the README's first commands for real and draws session.svg, beside this file, from what they print.
"""

import sys
from html import escape

COLUMNS, LINE, CHARACTER, MARGIN = 96, 20, 8.43, 18
COLOURS = {"$": "#e6edf3", "✓": "#3fb950", "✗": "#f85149", "+": "#7ee787"}
PLAIN = "#9da7b3"


def main():
    lines = [part for line in sys.stdin.read().splitlines() for part in wrapped(line)]
    width = round(COLUMNS * CHARACTER + 2 * MARGIN)
    height = len(lines) * LINE + 2 * MARGIN + 24
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">'
    )
    print(f'<rect width="{width}" height="{height}" rx="10" fill="#0d1117"/>')
    for index, colour in enumerate(["#ff5f57", "#febc2e", "#28c840"]):
        print(f'<circle cx="{MARGIN + 6 + index * 20}" cy="{MARGIN}" r="6" fill="{colour}"/>')
    for index, line in enumerate(lines):
        print(drawn(line, MARGIN + 24 + (index + 1) * LINE - 6))
    print("</svg>")


def drawn(line, y):
    colour = COLOURS.get(line.strip()[:1], PLAIN)
    weight = ' font-weight="bold"' if line.startswith("$") else ""
    return f'<text x="{MARGIN}" y="{y}" fill="{colour}"{weight} xml:space="preserve">{escape(line)}</text>'


def wrapped(line):
    """A command goes on in the next line behind a backslash; what is printed is cut."""
    if not line.startswith("$ "):
        return [line if len(line) <= COLUMNS else line[: COLUMNS - 1] + "…"]
    parts = []
    while len(line) > COLUMNS:
        at = line.rindex(" ", 0, COLUMNS - 2)
        parts.append(line[:at] + " \\")
        line = "    " + line[at + 1 :]
    return [*parts, line]


main()
