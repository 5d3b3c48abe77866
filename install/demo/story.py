"""Tells what happened from the emulator's journal, and ends with an error if that is not what should have happened.

    story.py JOURNAL first|second

The first time, AWS is asked for one token and every client shows it. The second time, AWS is not asked at all.
Nothing is told that was not read in the journal.
"""

import json
import pathlib
import sys
import urllib.parse

CLIENTS = {"pypi": "pip", "npm": "npm", "go": "go", "cargo": "cargo"}
# The requests whose path names a package.
NAMING = ("pypi:simple", "npm:packument", "go:zip", "cargo:index")


def main(journal, time):
    entries = [json.loads(line) for line in pathlib.Path(journal).read_text().splitlines()]
    issued = mints(entries)
    if len(issued) != 1:
        stop(f"AWS issued {len(issued)} tokens instead of one")
    new = unread(entries, pathlib.Path(journal).with_suffix(".read"))
    tell_aws(of(new, "sts", "codeartifact"), time)
    for service, client in CLIENTS.items():
        tell_client(client, of(new, service), issued[0]["issued"])
    tell_files(of(new, "asset"))


def of(entries, *services):
    return [entry for entry in entries if entry["action"].split(":")[0] in services]


def mints(entries):
    tokens = [entry for entry in entries if entry["action"] == "codeartifact:GetAuthorizationToken"]
    return [entry for entry in tokens if entry.get("status") == 200]


def unread(entries, mark):
    """What was written since the last story; `mark` remembers how much that was."""
    read = int(mark.read_text()) if mark.exists() else 0
    mark.write_text(str(len(entries)))
    return entries[read:]


def tell_aws(calls, time):
    if (time == "first") != bool(calls):
        stop(f"AWS was asked {len(calls)} times")
    for call in calls:
        tell(call, f"{who(call['signer']['arn'])} {deed(call)}")
    if not calls:
        tell(None, "AWS was not asked: the token of before is still good")


def deed(call):
    asked = call["parameters"]
    if call["action"] == "sts:AssumeRole":
        told = asked.get("external_id")
        return f"became {who(asked['role_arn'])}" + (f", with the external id {told}" if told else "")
    hours = int(asked["duration"]) // 3600
    return f"got the token {call['issued']} for the domain {asked['domain']}, for {hours} hours"


def who(arn):
    """`arn:aws:sts::111122223333:assumed-role/NAME/SESSION` is NAME of 111122223333."""
    return f"{arn.split('/')[1]} of {arn.split(':')[4]}"


def tell_client(client, requests, token):
    served = [entry for entry in requests if entry["status"] < 400]
    if not served or any(entry["authorization"]["fingerprint"] != token for entry in served):
        stop(f"{client} should have shown the token {token}, and nothing else")
    names = {package(entry["path"]) for entry in served if entry["action"] in NAMING}
    tell(served[-1], f"{client} showed the token {token} and got {' and '.join(sorted(names))}")


def package(path):
    """Of `/FORMAT/REPOSITORY/…`, as each format spells it."""
    format, rest = urllib.parse.unquote(path).split("/", 3)[1::2]
    if format == "cargo":
        return rest.split("/")[-1]
    return rest.removeprefix("simple/").split("/@v/")[0].strip("/")


def tell_files(files):
    if not files or any("authorization" in entry for entry in files):
        stop("the files should have come from another host, which sees no token")
    tell(files[-1], f"{len(files)} files came from the asset host, which never saw a token")


def tell(entry, text):
    time = entry["time"][11:23] if entry else ""
    print(f"  {time:12}  {text}")


def stop(reason):
    sys.exit(f"The demo ends here: {reason}")


main(*sys.argv[1:])
