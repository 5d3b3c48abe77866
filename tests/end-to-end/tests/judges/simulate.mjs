// Decides the cases of policies.py by a simulator of IAM, and prints the names of the roles that let their caller in.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { runSimulation } = createRequire(process.argv[2] + "/")("@cloud-copilot/iam-simulate");
const { identity, account, cases } = JSON.parse(readFileSync("cases.json", "utf8"));

for (const each of cases) {
    const principal = `arn:aws:iam::${each.account}:user/${each.caller}`;
    const contextVariables = {
        "aws:PrincipalArn": principal,
        "aws:PrincipalAccount": each.account,
        "aws:username": each.caller,
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "true",
        "aws:CurrentTime": new Date().toISOString(),
        "sts:RoleSessionName": "job",
    };
    if (each.external_id) contextVariables["sts:ExternalId"] = each.external_id;
    const resource = `arn:aws:iam::${account}:role/${each.role}`;
    const answer = await runSimulation({
        request: { principal, action: "sts:AssumeRole", resource: { resource, accountId: account }, contextVariables },
        identityPolicies: [{ name: "identity", policy: identity }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: each.policy,
    }, {});
    if (answer.resultType === "error") throw new Error(`${each.role}: ${JSON.stringify(answer)}`);
    const result = answer.result ?? answer.analysis?.result ?? answer.overallResult;
    if (result === "Allowed" || answer.overallResult === "Allowed") console.log(each.role);
}
