"""Greets, in private."""

__version__ = "1.0.0"


def greet(name):
    return f"Hello, {name}!"
