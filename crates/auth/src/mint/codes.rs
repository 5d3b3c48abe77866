//! What AWS's error codes mean, at every step and at each. Tables only; sources: the services' models and the
//! IAM guide. STS words all refusals of a role alike, on purpose.

use crate::error::{AwsSaid, Cause, Instead, Permission, Suspicion};

/// Decides about the codes of one kind of call.
pub(super) type Judge = fn(&AwsSaid) -> Option<Cause>;

/// Codes that mean the same whoever says them.
pub(super) fn common(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "RequestTimeTooSkewed" | "RequestExpired" => Cause::ClockWrong,
        "SignatureDoesNotMatch" | "InvalidSignatureException" if tells_the_time(&said.message) => {
            Cause::ClockWrong
        }
        "ExpiredToken" | "ExpiredTokenException" => Cause::Expired,
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException" => Cause::Rejected,
        "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown" => Cause::Throttled,
        "RegionDisabledException" => Cause::RegionOff,
        _ => return None,
    })
}

/// `Signature expired: 20260101T000000Z is now earlier than …`, `Signature not yet current: …`.
fn tells_the_time(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("Signature not yet current")
}

/// `… with an explicit deny in a service control policy`. Source: IAM guide, "Troubleshoot access denied error messages".
const EXPLICIT_DENY: &str = "with an explicit deny";

/// `The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`, or the hour of a chained role.
fn is_about_duration(message: &str) -> bool {
    message.contains("DurationSeconds exceeds")
}

/// What STS's other codes mean for an AssumeRole.
pub(super) fn at_hop(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDenied" if said.message.contains("root accounts") => Cause::RootUser,
        "AccessDenied" | "AccessDeniedException" if said.message.contains(EXPLICIT_DENY) => {
            Cause::ExplicitlyDenied
        }
        "AccessDenied" | "AccessDeniedException"
            if said.message.contains("no identity-based policy allows") =>
        {
            Cause::CallerNotAllowed
        }
        "AccessDenied" | "AccessDeniedException" => Cause::RoleRefused(Suspicion::None),
        "ValidationError" if is_about_duration(&said.message) => Cause::SessionTooLong,
        "MalformedPolicyDocument" | "PackedPolicyTooLarge" => Cause::PolicyRefused,
        _ => return None,
    })
}

/// What STS's other codes mean for a web identity.
pub(super) fn at_web_identity(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDenied" => Cause::RoleRefused(Suspicion::BeforeLast),
        "InvalidIdentityToken" | "IDPRejectedClaim" => Cause::Rejected,
        "IDPCommunicationError" => Cause::ServerFailed,
        _ => return None,
    })
}

/// What IAM Identity Center's codes mean for the credentials of a role.
pub(super) fn at_sign_in(said: &AwsSaid) -> Option<Cause> {
    match said.code.as_str() {
        "ForbiddenException" | "ResourceNotFoundException" => Some(Cause::Rejected),
        _ => None,
    }
}

/// What CodeArtifact's codes mean for a GetAuthorizationToken.
pub(super) fn at_token(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDeniedException" | "AccessDenied" if said.message.contains("root user") => {
            Cause::RootUser
        }
        "AccessDeniedException" | "AccessDenied" if said.message.contains(EXPLICIT_DENY) => {
            Cause::ExplicitlyDenied
        }
        "AccessDeniedException" | "AccessDenied" => Cause::TokenRefused(lacking(&said.message)),
        "ResourceNotFoundException" => Cause::NoDomain(Instead::Nothing),
        _ => return None,
    })
}

/// What CodeArtifact's codes mean for a list of domains or repositories.
pub(super) fn at_list(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDeniedException" | "AccessDenied" => Cause::ListRefused,
        "ResourceNotFoundException" => Cause::NoDomain(Instead::Nothing),
        _ => return None,
    })
}

fn lacking(message: &str) -> Permission {
    if message.contains("sts:GetServiceBearerToken") {
        Permission::GetServiceBearerToken
    } else if message.contains("codeartifact:GetAuthorizationToken") {
        Permission::GetAuthorizationToken
    } else {
        Permission::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str, message: &str) -> AwsSaid {
        AwsSaid {
            code: code.into(),
            message: message.into(),
            request_id: None,
        }
    }

    #[test]
    fn codes_mean_decisions_at_every_step() {
        let rows = [
            (
                "ExpiredToken",
                "The security token included in the request is expired",
                Some(Cause::Expired),
            ),
            ("ExpiredTokenException", "", Some(Cause::Expired)),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
                Some(Cause::Rejected),
            ),
            ("UnrecognizedClientException", "", Some(Cause::Rejected)),
            (
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match",
                Some(Cause::Rejected),
            ),
            (
                "SignatureDoesNotMatch",
                "Signature expired: 20260101T000000Z is now earlier than 2026",
                Some(Cause::ClockWrong),
            ),
            (
                "InvalidSignatureException",
                "Signature not yet current: 20270101T000000Z",
                Some(Cause::ClockWrong),
            ),
            ("RequestTimeTooSkewed", "", Some(Cause::ClockWrong)),
            ("Throttling", "Rate exceeded", Some(Cause::Throttled)),
            ("ThrottlingException", "", Some(Cause::Throttled)),
            ("RegionDisabledException", "", Some(Cause::RegionOff)),
            ("AccessDenied", "", None),
            ("ValidationError", "", None),
        ];
        for (code, message, cause) in rows {
            assert_eq!(common(&said(code, message)), cause, "{code}: {message}");
        }
    }

    #[test]
    fn access_denied_means_another_thing_at_each_step() {
        let trust = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact is not authorized \
            to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
        let own =
            format!("{trust} because no identity-based policy allows the sts:AssumeRole action");
        let token = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
            codeartifact:GetAuthorizationToken on resource: arn:aws:codeartifact:us-east-1:111122223333:domain/my-domain \
            because no identity-based policy allows the codeartifact:GetAuthorizationToken action";
        let bearer = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
            sts:GetServiceBearerToken on resource: arn:aws:sts::111122223333:self";
        let refused = Some(Cause::RoleRefused(Suspicion::None));
        let denied = format!("{trust} with an explicit deny in a service control policy");
        let long =
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        let root = "Roles may not be assumed by root accounts.";
        let rows: [(Judge, &str, &str, Option<Cause>); 16] = [
            (at_hop, "AccessDenied", trust, refused),
            (
                at_hop,
                "AccessDenied",
                &denied,
                Some(Cause::ExplicitlyDenied),
            ),
            (at_hop, "AccessDenied", root, Some(Cause::RootUser)),
            (at_hop, "ValidationError", long, Some(Cause::SessionTooLong)),
            (
                at_token,
                "AccessDeniedException",
                "The account root user cannot request an authorization token",
                Some(Cause::RootUser),
            ),
            (
                at_token,
                "AccessDeniedException",
                &denied,
                Some(Cause::ExplicitlyDenied),
            ),
            (at_hop, "AccessDenied", &own, Some(Cause::CallerNotAllowed)),
            (
                at_hop,
                "PackedPolicyTooLarge",
                "",
                Some(Cause::PolicyRefused),
            ),
            (at_hop, "ValidationError", "", None),
            (
                at_token,
                "AccessDeniedException",
                token,
                Some(Cause::TokenRefused(Permission::GetAuthorizationToken)),
            ),
            (
                at_token,
                "AccessDeniedException",
                bearer,
                Some(Cause::TokenRefused(Permission::GetServiceBearerToken)),
            ),
            (
                at_token,
                "AccessDeniedException",
                "",
                Some(Cause::TokenRefused(Permission::Unknown)),
            ),
            (
                at_token,
                "ResourceNotFoundException",
                "",
                Some(Cause::NoDomain(Instead::Nothing)),
            ),
            (at_token, "ValidationException", "", None),
            (
                at_list,
                "AccessDeniedException",
                "",
                Some(Cause::ListRefused),
            ),
            (
                at_list,
                "ResourceNotFoundException",
                "",
                Some(Cause::NoDomain(Instead::Nothing)),
            ),
        ];
        for (judge, code, message, cause) in rows {
            assert_eq!(judge(&said(code, message)), cause, "{code}: {message}");
        }
    }
}
