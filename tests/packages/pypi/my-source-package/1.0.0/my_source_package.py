"""Comes as source only."""


def built():
    return "Built from source"
