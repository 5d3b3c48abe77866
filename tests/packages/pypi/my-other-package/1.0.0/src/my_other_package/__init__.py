"""Ends a sentence, in private."""


def punctuate(sentence):
    return f"{sentence}!"
