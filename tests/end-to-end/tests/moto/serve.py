"""An AWS by moto, which checks signatures, policies and trust of every call after the set-up.

moto has no CodeArtifact: the token's call is answered here, after moto's own checks of the caller, and the
token names who that was. Prints the port and the keys of user ci, and ends with its standard input."""

import json
import sys
import threading

import boto3
import requests
from moto.iam.access_control import IAMRequest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ACCOUNT = "123456789012"
EXTERNAL_ID = sys.argv[1]
moto = DomainDispatcherApplication(create_backend_app)


def application(environ, start_response):
    request = Request(environ)
    answer = token(request) if request.path == "/v1/authorization-token" else moto
    return answer(environ, start_response)


def token(request):
    caller = IAMRequest(
        account_id=ACCOUNT,
        method=request.method,
        path=request.full_path,
        data={},
        body=request.get_data(),
        headers=request.headers,
        action="GetAuthorizationToken",
    )
    try:
        caller.check_signature()
        caller.check_action_permitted("*")
    except HTTPException as refused:
        return refused
    body = {"authorizationToken": "token-of-" + caller._access_key.arn, "expiration": 4102444800}
    return Response(json.dumps(body), content_type="application/json")


def policy(action, **rest):
    statement = {"Effect": "Allow", "Action": action, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def set_up(url):
    iam = boto3.client(
        "iam", endpoint_url=url, region_name="us-east-1", aws_access_key_id="set-up", aws_secret_access_key="set-up"
    )
    user = iam.create_user(UserName="ci")["User"]["Arn"]
    iam.put_user_policy(UserName="ci", PolicyName="own", PolicyDocument=policy("sts:AssumeRole", Resource="*"))
    trust = policy("sts:AssumeRole", Principal={"AWS": user})
    iam.create_role(RoleName="IntegrationReadOnly", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(
        RoleName="IntegrationReadOnly", PolicyName="own", PolicyDocument=policy("sts:AssumeRole", Resource="*")
    )
    # moto compares a session's own ARN with the principal, not its role's.
    condition = {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}
    trust = policy("sts:AssumeRole", Principal={"AWS": "*"}, Condition=condition)
    iam.create_role(RoleName="CodeArtifactReader", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(
        RoleName="CodeArtifactReader",
        PolicyName="own",
        PolicyDocument=policy("codeartifact:GetAuthorizationToken", Resource="*"),
    )
    key = iam.create_access_key(UserName="ci")["AccessKey"]
    requests.post(url + "/moto-api/reset-auth", data=b"0").raise_for_status()
    return key["AccessKeyId"], key["SecretAccessKey"]


server = make_server("127.0.0.1", 0, application, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
key = set_up(f"http://127.0.0.1:{server.port}")
print(server.port, *key, flush=True)
sys.stdin.read()
