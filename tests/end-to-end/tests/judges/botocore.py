"""Calls AWS on loopback through botocore, and holds each answer, as it is on the wire, to AWS's own service model: members,
types, enumerations, patterns, lengths, and for a refusal the errors that the operation may have. Prints what differs.

No client of ours: the model is the one that the AWS CLI brings.
"""

import hashlib
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

from awscli.botocore import session
# The name under which the AWS CLI's copy raises it.
from botocore.exceptions import ClientError

# Every operation may answer so: "Common Errors" of each service's API reference.
COMMON = {
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId",
    "SignatureDoesNotMatch", "InvalidSignatureException", "UnrecognizedClientException", "ValidationError",
    "ValidationException", "MissingParameter", "InvalidParameterValue", "ThrottlingException",
}

faults = []
counted = 0


def judge(shape, value, where):
    """A value of a JSON document."""
    kind = shape.type_name
    if kind == "structure":
        known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        for name in value:
            if name not in known:
                faults.append(f"{where}: unknown member {name}")
            else:
                judge(known[name][1], value[name], f"{where}.{name}")
        for name in shape.required_members:
            if name not in value:
                faults.append(f"{where}: {name} is missing")
    elif kind == "list":
        for item in value:
            judge(shape.member, item, f"{where}[]")
    elif kind == "string":
        text(shape, value, where)
    elif kind in ("integer", "long", "timestamp", "double", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            faults.append(f"{where}: {value!r} is no {kind}")
    elif kind == "boolean" and not isinstance(value, bool):
        faults.append(f"{where}: {value!r} is no boolean")


def text(shape, value, where):
    if not isinstance(value, str):
        faults.append(f"{where}: {value!r} is no string")
        return
    metadata = shape.metadata
    if getattr(shape, "enum", None) and value not in shape.enum:
        faults.append(f"{where}: {value!r} is none of {shape.enum}")
    # Anything but a control character.
    pattern = metadata.get("pattern", ".*").replace(r"\P{C}", r"[^\x00-\x1f\x7f]")
    if not re.fullmatch(pattern, value, re.DOTALL):
        faults.append(f"{where}: {value!r} does not match {pattern}")
    if not metadata.get("min", 0) <= len(value) <= metadata.get("max", sys.maxsize):
        faults.append(f"{where}: {len(value)} characters")


def judge_xml(shape, element, where):
    if shape.type_name == "structure":
        names = [child.tag.split("}")[-1] for child in element]
        for child, name in zip(element, names):
            if name not in shape.members:
                faults.append(f"{where}: unknown member {name}")
            else:
                judge_xml(shape.members[name], child, f"{where}.{name}")
        for name in shape.required_members:
            if name not in names:
                faults.append(f"{where}: {name} is missing")
    elif shape.type_name == "string":
        text(shape, element.text or "", where)
    elif shape.type_name == "integer" and not (element.text or "").lstrip("-").isdigit():
        faults.append(f"{where}: {element.text!r} is no integer")


def watched(service):
    client = session.Session().create_client(service, region_name="us-east-1")
    http = client._endpoint.http_session
    send = http.send

    def sending(request):
        client.answer = send(request)
        return client.answer

    http.send = sending
    return client


def call(client, operation, expected, **parameters):
    """`expected` is empty for success, else the error's code."""
    global counted
    counted += 1
    model = client.meta.service_model.operation_model(operation)
    method = getattr(client, re.sub("(?<!^)(?=[A-Z])", "_", operation).lower())
    code = ""
    try:
        method(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
    answer = client.answer
    where = f"{operation}({', '.join(parameters)})"
    if code != expected:
        faults.append(f"{where}: {code or 'success'}, not {expected or 'success'}")
    elif code:
        modelled = {shape.metadata.get("error", {}).get("code", shape.name) for shape in model.error_shapes}
        modelled |= {shape.name for shape in model.error_shapes}
        if code not in modelled | COMMON:
            faults.append(f"{where}: no error of it is {code}")
        shapes = {shape.name: shape for shape in model.error_shapes}
        if code in shapes and client.meta.service_model.metadata["protocol"] == "rest-json":
            judge(shapes[code], json.loads(answer.content), f"{where}!{code}")
    elif model.has_streaming_output:
        headers = {name.lower() for name in answer.headers}
        for name, member in model.output_shape.members.items():
            if member.serialization.get("location") == "header" and member.serialization["name"].lower() not in headers:
                faults.append(f"{where}: {name} is missing")
    elif client.meta.service_model.metadata["protocol"] == "rest-json":
        judge(model.output_shape, json.loads(answer.content), where)
    else:
        root = ElementTree.fromstring(answer.content)
        result = next(child for child in root if child.tag.endswith(f"{operation}Result"))
        judge_xml(model.output_shape, result, where)


def generic(artifacts, repository):
    """The calls that read and publish generic packages."""
    package = {**repository, "format": "generic", "namespace": "my-namespace", "package": "my-package"}
    version = {**package, "packageVersion": "1.0.0"}
    for name, text, more in (("a.txt", b"1", True), ("b.txt", b"2", False)):
        asset = {"assetContent": text, "assetName": name, "assetSHA256": hashlib.sha256(text).hexdigest()}
        call(artifacts, "PublishPackageVersion", "", **version, **asset, unfinished=more)
    again = {"assetContent": b"3", "assetName": "c.txt", "assetSHA256": hashlib.sha256(b"3").hexdigest()}
    call(artifacts, "PublishPackageVersion", "ConflictException", **version, **again)
    call(artifacts, "ListPackageVersions", "", **package)
    call(artifacts, "ListPackageVersions", "", **package, status="Unfinished", maxResults=1)
    call(artifacts, "ListPackageVersions", "ResourceNotFoundException", **{**package, "package": "no-package"})
    call(artifacts, "ListPackageVersionAssets", "", **version)
    call(artifacts, "ListPackageVersionAssets", "ResourceNotFoundException", **{**version, "packageVersion": "2.0.0"})
    call(artifacts, "GetPackageVersionAsset", "", **version, asset="a.txt")
    call(artifacts, "GetPackageVersionAsset", "ResourceNotFoundException", **version, asset="c.txt")


def main():
    sts, artifacts = watched("sts"), watched("codeartifact")
    role = "arn:aws:iam::111122223333:role/Reader"
    call(sts, "GetCallerIdentity", "")
    call(sts, "AssumeRole", "", RoleArn=role, RoleSessionName="judge")
    call(sts, "AssumeRole", "", RoleArn=role, RoleSessionName="judge", DurationSeconds=900, SourceIdentity="ada",
         Tags=[{"Key": "a", "Value": "b"}], Policy='{"Version": "2012-10-17", "Statement": []}')
    call(sts, "AssumeRole", "AccessDenied", RoleArn=role + "s", RoleSessionName="judge")
    call(sts, "AssumeRole", "ValidationError", RoleArn="not-an-arn-but-long-enough", RoleSessionName="judge")
    call(sts, "GetSessionToken", "")
    domain = {"domain": "my-domain", "domainOwner": "111122223333"}
    repository = {**domain, "repository": "my-repo"}
    call(artifacts, "GetAuthorizationToken", "", **domain)
    call(artifacts, "GetAuthorizationToken", "", **domain, durationSeconds=900)
    call(artifacts, "GetAuthorizationToken", "", domain="my-domain")
    call(artifacts, "GetAuthorizationToken", "ValidationException", **domain, durationSeconds=899)
    call(artifacts, "GetAuthorizationToken", "ResourceNotFoundException", domain="no-domain", domainOwner="111122223333")
    for form in ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo"):
        call(artifacts, "GetRepositoryEndpoint", "", **repository, format=form)
    call(artifacts, "GetRepositoryEndpoint", "", **repository, format="npm", endpointType="dualstack")
    call(artifacts, "GetRepositoryEndpoint", "ValidationException", **repository, format="go")
    call(artifacts, "DescribeDomain", "", **domain)
    call(artifacts, "DescribeDomain", "ResourceNotFoundException", domain="no-domain", domainOwner="111122223333")
    call(artifacts, "DescribeRepository", "", **repository)
    call(artifacts, "DescribeRepository", "ResourceNotFoundException", **{**repository, "repository": "no-repo"})
    call(artifacts, "ListDomains", "")
    call(artifacts, "ListDomains", "", maxResults=1)
    call(artifacts, "ListDomains", "ValidationException", maxResults=5000)
    call(artifacts, "ListDomains", "ValidationException", nextToken="zzz")
    call(artifacts, "ListRepositoriesInDomain", "", **domain)
    call(artifacts, "ListRepositoriesInDomain", "", **domain, administratorAccount="111122223333", repositoryPrefix="my")
    generic(artifacts, repository)
    for fault in faults:
        print(fault)
    print(f"{counted} calls")


main()
