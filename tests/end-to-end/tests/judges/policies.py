"""Trust policies by the thousand, for the emulator and for a simulator of IAM that nobody here wrote.

    policies.py write NUMBER     scenario.toml, a role for each policy, and cases.json, here
    policies.py ask              asks STS for each role through botocore, and prints the names of those that let the caller in
"""

import json
import random
import sys
from pathlib import Path

CALLERS = {
    "ada": ("111122223333", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "bob": ("444455556666", "AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"),
}
ACCOUNT = "111122223333"
IDENTITY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
EXTERNAL_IDS = [None, "acme-7f3c2a91", "globex-51e8d0b4"]
# Values that are right, nearly right, patterns, and what looks like a pattern or a variable.
VALUES = {
    "sts:ExternalId": ["acme-7f3c2a91", "ACME-7F3C2A91", "acme-*", "acme-7f3c2a9?", "*", "globex", "acme-${*}", "${sts:ExternalId}"],
    "sts:RoleSessionName": ["job", "jo?", "*", "other", "${aws:username}"],
    "aws:PrincipalArn": ["arn:aws:iam::111122223333:user/ada", "arn:aws:iam::*:user/*", "arn:aws:iam::444455556666:user/bob", "*"],
    "aws:PrincipalAccount": ["111122223333", "444455556666", "1111*"],
    "aws:TagKeys": ["team", "*"],
    "aws:RequestTag/team": ["blue", "*"],
    "aws:username": ["ada", "bob", "a*"],
}
STRING = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"]
ARN = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
OTHERS = [
    ("Bool", "aws:SecureTransport", ["true", "false"]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ["true", "false"]),
    ("Null", "sts:ExternalId", ["true", "false"]),
    ("Null", "aws:TagKeys", ["true", "false"]),
    ("IpAddress", "aws:SourceIp", ["127.0.0.0/8", "10.0.0.0/8", "127.0.0.1"]),
    ("NotIpAddress", "aws:SourceIp", ["127.0.0.0/8", "10.0.0.0/8"]),
    ("DateGreaterThan", "aws:CurrentTime", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]),
    ("DateLessThanIfExists", "aws:CurrentTime", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]),
]
# Each names somebody: a policy for everybody is one that the simulator, and IAM's own checks, treat by themselves.
PRINCIPALS = [
    "arn:aws:iam::111122223333:root",
    "111122223333",
    "arn:aws:iam::111122223333:user/ada",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::444455556666:user/bob",
    ["arn:aws:iam::111122223333:user/ada", "arn:aws:iam::444455556666:user/bob"],
    "*",
]
ACTIONS = ["sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRole", "STS:assumerole", "sts:*", "sts:Assume*", ["sts:AssumeRole", "sts:TagSession"], "sts:TagSession"]


def condition(chance):
    """An operator, a key, its values."""
    if chance.random() < 0.3:
        operator, key, values = chance.choice(OTHERS)
        return operator, key, chance.choice(values)
    key = chance.choice(list(VALUES))
    is_list = key == "aws:TagKeys"
    operators = ARN if key == "aws:PrincipalArn" and chance.random() < 0.5 else STRING
    operator = chance.choice(operators) + chance.choice(["", "", "IfExists"])
    if is_list or chance.random() < 0.1:
        operator = chance.choice(["ForAnyValue:", "ForAllValues:"]) + operator
    values = chance.sample(VALUES[key], min(len(VALUES[key]), chance.choice([1, 1, 2])))
    if operators is ARN:
        values = [value for value in values if value.startswith("arn:")] or ["arn:aws:iam::111122223333:user/ada"]
    return operator, key, values[0] if len(values) == 1 else values


def statement(chance, effect):
    made = {"Effect": effect, "Principal": {"AWS": chance.choice(PRINCIPALS)}, "Action": chance.choice(ACTIONS)}
    for _ in range(chance.choice([0, 1, 1, 2])):
        operator, key, values = condition(chance)
        made.setdefault("Condition", {}).setdefault(operator, {})[key] = values
    return made


def case(number):
    chance = random.Random(number)
    effects = chance.choice([["Allow"], ["Allow"], ["Allow", "Deny"], ["Allow", "Allow"], ["Deny"]])
    policy = {"Version": "2012-10-17", "Statement": [statement(chance, effect) for effect in effects]}
    return {"role": f"R{number}", "caller": chance.choice(list(CALLERS)), "external_id": chance.choice(EXTERNAL_IDS), "policy": policy}


def write(number):
    cases = [case(each) for each in range(number)]
    lines = []
    for name, (account, key, secret) in CALLERS.items():
        lines += [f"[accounts.{account}.users.{name}]", f'access_key_id = "{key}"', f'secret_access_key = "{secret}"',
                  f"policies = ['''{json.dumps(IDENTITY)}''']"]
    for each in cases:
        lines += [f"[accounts.{ACCOUNT}.roles.{each['role']}]", f"trust = '''{json.dumps(each['policy'])}'''"]
    Path("scenario.toml").write_text("\n".join(lines) + "\n")
    Path("cases.json").write_text(json.dumps({"identity": IDENTITY, "account": ACCOUNT, "cases": [
        {**each, "account": CALLERS[each["caller"]][0]} for each in cases]}))


def ask():
    from awscli.botocore import session
    from botocore.exceptions import ClientError

    clients = {}
    for name, (_, key, secret) in CALLERS.items():
        made = session.get_session()
        made.set_credentials(key, secret)
        clients[name] = made.create_client("sts", region_name="us-east-1")
    for each in json.loads(Path("cases.json").read_text())["cases"]:
        arguments = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{each['role']}", "RoleSessionName": "job"}
        if each["external_id"]:
            arguments["ExternalId"] = each["external_id"]
        try:
            clients[each["caller"]].assume_role(**arguments)
            print(each["role"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise


if __name__ == "__main__":
    write(int(sys.argv[2])) if sys.argv[1] == "write" else ask()
