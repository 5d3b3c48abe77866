//! Failures of the first credentials: none, incomplete, expired, rejected.

use super::{DENIED, SIGNATURE};
use crate::error::table::Call::{
    Any, AssumeRole, AssumeRoleWithWebIdentity, GetAuthorizationToken, GetRoleCredentials, Renewal,
    SignIn,
};

rows! {
    Credentials CREDENTIALS {
        CREDENTIALS_ABSENT "credentials_absent" Authentication
            "there are none in the environment, the shared files, a web identity or a container<, and instance metadata {instance}>"
            "make a profile with `aws configure`, or `aws configure sso`; on an instance that is not seen as one, set AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254/";
        CREDENTIALS_STRIPPED "credentials_stripped" Authentication
            "there are none in the shared files, a container<, and instance metadata {instance}>, and no AWS_ variable is set here"
            "pass your shell's variables on: tox (pass_env = AWS_*), sudo (-E), cron and systemd drop them; or make a profile with `aws configure`, or `aws configure sso`";
        PROFILE_NOT_CHOSEN "profile_not_chosen" Authentication
            "there are none without a profile, and none is chosen<; instance metadata {instance}>"
            "set AWS_PROFILE to one of these profiles: {existing}";
        PROFILE_ABSENT "profile_absent" Configuration
            "there is no profile `{profile}` in {config} or {credentials}"
            "<there is {existing}|there is no profile at all: `aws configure --profile {profile}` makes it>";
        CREDENTIALS_INCOMPLETE "credentials_incomplete" Configuration
            "{reason}"
            "complete or correct that, until `aws sts get-caller-identity` works with the same keys or profile";
        PROFILE_EMPTY "profile_empty" Authentication
            "profile `{profile}` holds none"
            "give it credentials with `aws configure --profile {profile}`, or `aws configure sso --profile {profile}`";
        PROFILE_ROLE_REFUSED "profile_role_refused" Authentication
            "AWS refused {profile_role}, the role of profile `{profile}`"
            "correct `role_arn`, `external_id`, `role_session_name` or `duration_seconds` of profile `{profile}`, or the role's trust policy";
        MFA_NEEDED "mfa_needed" Authentication
            "profile `{profile}` needs an MFA code, which cannot be asked for here"
            "run `codeartifact login {login}` at a terminal";
        MFA_CODE_REFUSED "mfa_code_refused" Authentication
            "AWS refused the MFA code< of {device}>"
            "run `codeartifact login< {connection}>` again with the next code that the device shows",
            AssumeRole ["AccessDenied"] "MultiFactorAuthentication failed";
        SIGN_IN_OVER "sign_in_over" Authentication
            "the {kind} session of profile `{profile}` has expired"
            "run `{command}`",
            GetRoleCredentials ["UnauthorizedException"] "",
            Renewal [
                "InvalidGrantException", "ExpiredTokenException", "InvalidClientException", "UnauthorizedClientException",
                "InvalidRequestException", "ValidationException", "AccessDeniedException", "UnauthorizedException"
            ] "";
        SIGN_IN_REFUSED "sign_in_refused" Authentication
            "the SSO sign-in of profile `{profile}` was not confirmed"
            "run `codeartifact login {login}` again, and confirm the code on the page that it shows",
            SignIn ["AccessDeniedException", "ExpiredTokenException"] "";
        SSO_PORTAL_UNKNOWN "sso_portal_unknown" Configuration
            "AWS knows no sign-in page {start_url} in {sso_region}"
            "correct `sso_start_url` and `sso_region` of profile `{profile}`",
            SignIn ["InvalidRequestException", "InvalidRequestRegionException"] "";
        ID_TOKEN_ABSENT "id_token_absent" Authentication
            "there is no identity token of {source}: {reason}"
            "{correction}";
        ID_TOKEN_WITHOUT_ROLE "id_token_without_role" Configuration
            "an identity token of {source} opens a role, and none is named"
            "name it: `<codeartifact connect {connection} --role-arn ARN|export CODEARTIFACT_ROLE_ARN=ARN>`";
        SOURCE_FAILED "source_failed" Authentication
            "{source}: {reason}"
            "{correction}";
        PROCESS_SLOW "process_slow" Network
            "profile `{profile}`: the program `{program}` of credential_process took too long and was stopped"
            "run the program by itself: it must answer within seconds, without asking a person";
        SOURCE_SLOW "source_slow" Network
            "no answer in time"
            "check how long `aws sts get-caller-identity` takes with the same profile";
    }
    Credentials ANY {
        ID_TOKEN_EXPIRED "id_token_expired" Authentication
            "the identity token has expired"
            "get a new one: start the job anew, or ask for a token that lives as long as the job",
            AssumeRoleWithWebIdentity ["ExpiredToken", "ExpiredTokenException"] "";
        ID_TOKEN_ISSUER "id_token_issuer" Authentication
            "account {role_account} has no identity provider for <{issuer}|the issuer of the token>"
            "`codeartifact policy cloudformation< {connection}> --oidc …` writes one to deploy there; or correct the account in the role's ARN",
            AssumeRoleWithWebIdentity ["InvalidIdentityToken"] "No OpenIDConnect provider found";
        ID_TOKEN_AUDIENCE "id_token_audience" Authentication
            "the identity provider of account {role_account} does not accept the audience <{audience}|of the token>"
            "set `audience` (or the CI system's `aud`) to one that the provider accepts, or add this one to its client IDs",
            AssumeRoleWithWebIdentity ["InvalidIdentityToken"] "udience";
        ID_TOKEN_SUBJECT "id_token_subject" Authentication
            "the role's trust policy does not accept <the subject {subject} with the audience {audience}|the token>"
            "its trust policy must accept both; compare with `codeartifact policy trust< {connection}> --oidc …`",
            AssumeRoleWithWebIdentity ["AccessDenied"] "";
        ID_TOKEN_REJECTED "id_token_rejected" Authentication
            "AWS rejected the identity token"
            "it must be the CI system's OpenID Connect token for AWS, as it was issued, not another of its tokens",
            AssumeRoleWithWebIdentity ["InvalidIdentityToken", "IDPRejectedClaim"] "";
        CREDENTIALS_EXPIRED "credentials_expired" Authentication
            "the credentials have expired"
            "sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it",
            Any ["ExpiredToken", "ExpiredTokenException"] "";
        CREDENTIALS_REJECTED "credentials_rejected" Authentication
            "AWS rejected the credentials"
            "check that `aws sts get-caller-identity` works with the same keys or profile",
            Any [
                "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure",
                "IncompleteSignature", "IncompleteSignatureException",
                "MissingAuthenticationToken", "MissingAuthenticationTokenException"
            ] "",
            Any SIGNATURE "",
            GetRoleCredentials ["ForbiddenException", "ResourceNotFoundException"] "";
        ROOT_USER "root_user" Authentication
            "the caller is an account's root user"
            "use an IAM user or role, which can assume roles and get tokens",
            AssumeRole ["AccessDenied"] "root accounts",
            GetAuthorizationToken DENIED "root user";
    }
}
