"""Greets, in private, and now says goodbye too."""

import sys

from my_other_package import punctuate

__version__ = "1.1.0"


def greet(name):
    return punctuate(f"Hello, {name}")


def part(name):
    return punctuate(f"Goodbye, {name}")


def main():
    print(greet(sys.argv[1] if len(sys.argv) > 1 else "world"))
