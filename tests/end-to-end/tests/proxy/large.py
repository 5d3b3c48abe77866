"""Downloads a file of a known pattern through the proxy: whole, broken off and resumed, and a part near its end. Prints what
was read, and the most memory that the proxy has had: early in the first download, and after the last."""

import json, os, sys, urllib.request

URL, SIZE = sys.argv[1], int(sys.argv[2])
EARLY, PIECE = min(256 << 20, SIZE // 4), 1 << 20
# As the emulator makes it: blocks of 4 KiB, each of one byte.
PERIOD = b"".join(bytes([number]) * 4096 for number in range(251))
PATTERN = PERIOD * 3


def proxy():
    """The process whose child this is."""
    process = os.getppid()
    while not open(f"/proc/{process}/comm").read().startswith("codeartifact-pr"):
        process = int(open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1])
    return process


def most_memory():
    status = open(f"/proc/{PROXY}/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def read(start, end, wanted=None, at_early=lambda: None):
    """Reads from one place to another, or to `end` if the server is asked for `wanted` bytes only. Returns how much."""
    headers = {"Range": f"bytes={start}-{wanted or ''}"} if start or wanted else {}
    with urllib.request.urlopen(urllib.request.Request(URL, headers=headers)) as answer:
        assert answer.status == (206 if headers else 200), answer.status
        place = start
        while place < end:
            piece = answer.read(min(PIECE, end - place))
            assert piece, f"it ends at {place}"
            offset = place % len(PERIOD)
            assert piece == PATTERN[offset:offset + len(piece)], f"another file at {place}"
            if place < EARLY <= place + len(piece):
                at_early()
            place += len(piece)
        if end == SIZE or wanted:
            assert not answer.read(1), "it goes on"
    return place - start


PROXY = proxy()
memory = []
whole = read(0, SIZE, at_early=lambda: memory.append(most_memory()))
broken = read(0, EARLY)
resumed = read(broken, 2 * EARLY)
last = read(SIZE - EARLY, SIZE)
middle = read(SIZE // 2 + 5, SIZE // 2 + 1005, wanted=SIZE // 2 + 1004)
memory.append(most_memory())
print(json.dumps({"whole": whole, "broken": broken, "resumed": resumed, "last": last, "middle": middle, "memory": memory}))
