//! Failures to assume a role of the chain.

use super::DENIED;
use crate::error::table::Call::{Any, AssumeRole, GetAuthorizationToken};

/// `… with an explicit deny in a service control policy`. Source: IAM guide, "Troubleshoot access denied error messages".
const EXPLICITLY: &str = "with an explicit deny";

rows! {
    Roles HOP {
        VIA_REFUSED "via_refused" Authentication
            "the role does not trust the caller"
            "the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole";
        ROLE_REFUSED "role_refused" Authentication
            "AWS does not say whether the role's name, the external id or the trust policy is the reason"
            "the role ARN, its external id or its trust policy differ from this connection; compare with `codeartifact policy trust< {connection}>`",
            AssumeRole DENIED "";
        ROLE_REFUSED_SINCE "role_refused_since" Authentication
            "it accepted the same external id at {time}"
            "the role was deleted or its trust policy changed since then: ask the owner of account {account}";
        ROLE_OF_OTHER_ACCOUNT "role_of_other_account" Authentication
            "the role is of another account than the repositories, which are of {owner}"
            "check the account in the role's ARN, and correct it: `<codeartifact connect {connection} --role-arn ARN|export CODEARTIFACT_ROLE_ARN=ARN>`";
        EXTERNAL_ID_NOT_SENT "external_id_not_sent" Authentication
            "no external id was sent, and the role may ask for one"
            "its trust policy must name the caller; if it asks for an external id, give that: `<codeartifact connect {connection} --external-id ID|export CODEARTIFACT_EXTERNAL_ID=ID>`";
    }
    Roles NONE {
        EXTERNAL_ID_NOT_ENFORCED "external_id_not_enforced" Done
            "{role} accepts the caller without the external id too"
            "its trust policy must ask for sts:ExternalId, as `codeartifact policy trust< {connection}>` does";
        EXTERNAL_ID_SHORT "external_id_short" Done
            "the external id has {length} characters: AWS takes 2 and more, but one of fewer than 8 can be guessed"
            "keep it if a role asks for it already; for a new role, let `codeartifact connect NAME` make one";
        EXTERNAL_ID_UNUSED "external_id_unused" Done
            "the external id is not sent to {role}: AWS takes none beside an identity token"
            "remove `external_id`: the audience and the subject in the role's trust policy do its work";
    }
    Roles HOP {
        CALLER_NOT_ALLOWED "caller_not_allowed" Authentication
            "the caller's own policies do not allow it"
            "the caller's own policy must allow sts:AssumeRole on this role",
            AssumeRole DENIED "no identity-based policy allows";
    }
    Roles ANY {
        EXPLICITLY_DENIED "explicitly_denied" Permission
            "a policy denies it explicitly"
            "AWS names the kind of policy: ask its administrator for an exception",
            AssumeRole DENIED EXPLICITLY,
            GetAuthorizationToken DENIED EXPLICITLY;
    }
    Roles HOP {
        SESSION_TOO_LONG "session_too_long" Configuration
            "its sessions may not last as long as was asked for"
            "the role's MaxSessionDuration must be an hour at least, which is AWS's default",
            AssumeRole ["ValidationError"] "DurationSeconds exceeds";
        SESSION_POLICY_REFUSED "session_policy_refused" Configuration
            "AWS rejected the session policy that narrows it"
            "set `scope = \"domain\"` to go without a session policy",
            AssumeRole ["MalformedPolicyDocument", "PackedPolicyTooLarge"] "";
    }
    Roles ANY {
        VALUE_REFUSED "value_refused" Configuration
            "AWS rejected a value that was sent"
            "check the connection with `codeartifact connections< {connection}>`";
        REGION_OFF "region_off" Permission
            "STS is not active in this Region"
            "an administrator can activate STS for this Region in the account's IAM settings",
            Any ["RegionDisabledException"] "";
    }
}
