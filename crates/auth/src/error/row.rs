//! The table of failures: one row for each, and the only place of its text. Name for us, name for programs,
//! exit code; why it failed; the hint; what AWS says then. `{…}` and `<…>` are explained in `template.rs`.
//! Texts only. A row that is added here is in `TROUBLESHOOTING.md` with the next run of the tests.

use super::table::{Area, Call::*, Row, When};
use super::{Exit, step};

/// A missing permission.
const DENIED: &[&str] = &["AccessDenied", "AccessDeniedException"];

/// `… with an explicit deny in a service control policy`. Source: IAM guide, "Troubleshoot access denied error messages".
const EXPLICITLY: &str = "with an explicit deny";

/// A signature by a key that is not AWS's, or by a wrong clock, which the message then says.
const SIGNATURE: &[&str] = &["SignatureDoesNotMatch", "InvalidSignatureException"];

const CHECK_PROXY: &str = "<check the proxy in {proxy}, and NO_PROXY|check the network; if there is a proxy, set HTTPS_PROXY>";

/// A bug of ours: the one row that no table shows, because a user cannot fix it.
pub static BUG: Row = Row {
    key: "bug",
    area: Area::Machine,
    step: step::ANY,
    words: "this is a bug: {reason}",
    hint: "",
    exit: Exit::Bug,
    when: &[],
};

/// Makes a `Row` of each, and the list of all.
macro_rules! rows {
    ($($area:ident $step:ident { $(
        $name:ident $key:literal $exit:ident $words:literal $hint:expr
        $(, $call:ident $codes:tt $saying:expr)*;
    )* })*) => {
        $($(
            #[doc = $words]
            pub static $name: Row = Row {
                key: $key,
                area: Area::$area,
                step: step::$step,
                words: $words,
                hint: $hint,
                exit: Exit::$exit,
                when: &[$(When { call: $call, codes: rows!(@codes $codes), saying: $saying }),*],
            };
        )*)*

        /// The whole table, in its order.
        pub static ROWS: &[&Row] = &[$($(&$name,)*)*];
    };
    (@codes [$($code:literal),*]) => { &[$($code),*] };
    (@codes $codes:ident) => { $codes };
}

rows! {
    Configuration NONE {
        FILE_UNUSABLE "file_unusable" Configuration
            "cannot {action} the configuration {path}: {reason}"
            "<unset {variable} to use the default file|>";
    }
    Configuration VALUE {
        KEY_UNKNOWN "key_unknown" Configuration
            "there is no such key"
            "<did you mean `{nearest}`?|the keys here are {known}>";
        VALUE_WRONG "value_wrong" Configuration
            "{reason}"
            "<{correction}|>";
        FORMAT_DIFFERS "format_differs" Configuration
            "{url} is of format {found}, not {expected}"
            "its key is `{found}`";
        OWNER_DIFFERS "owner_differs" Configuration
            "{url} belongs to account {owner}, and account_id is {account_id}"
            "a connection is for one account: correct the URL, or account_id";
    }
    Configuration ANY {
        SIMPLE_MISSING "simple_missing" Configuration
            "pip and similar clients need the URL to end in /simple/"
            "write {root}simple/";
        SERVICE_INDEX_MISSING "service_index_missing" Configuration
            "NuGet needs the URL of the service index, which ends in /v3/index.json"
            "write {root}v3/index.json";
    }
    Configuration NONE {
        CONNECTION_UNKNOWN "connection_unknown" Configuration
            "there is no connection named `{name}`< (from {variable})>"
            "<did you mean `{nearest}`?|`codeartifact connections` lists the existing ones>";
        CONNECTION_EMPTY "connection_empty" Configuration
            "connection `{name}` has no repository URL"
            "add one: `codeartifact connect {name} --npm URL`, or --pypi, --go and so on";
        CONNECTION_AMBIGUOUS "connection_ambiguous" Configuration
            "connections `{first}` and `{second}` both fit {url}"
            "name one of them: `CODEARTIFACT_CONNECTION={first}`, or `--connection {first}` where there is that option";
        CONNECTION_REQUIRED "connection_required" Configuration
            "require_connection is set, so {url} gets a token only from a connection that is named"
            "set CODEARTIFACT_CONNECTION, or give `--connection NAME`; `codeartifact connections` lists them";
        CONNECTION_OF_OTHER_ACCOUNT "connection_of_other_account" Configuration
            "connection `{name}`< (from {variable})> is for account {account_id}, and {url} belongs to {owner}"
            "<unset {variable} to let the URL decide|leave `--connection` out to let the URL decide>";
        URL_OF_OTHERS "url_of_others" Nothing
            "`{url}` is not a CodeArtifact URL"
            "if it is your own proxy in front of CodeArtifact, add your proxy's host to [hosts]";
        URL_MALFORMED "url_malformed" Usage
            "`{url}` {reason}"
            "a repository's URL looks like https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    }
    Machine START {
        CA_BUNDLE_UNUSABLE "ca_bundle_unusable" Configuration
            "the CA bundle `{path}` {reason}"
            "AWS_CA_BUNDLE, `ca_bundle`, REQUESTS_CA_BUNDLE or SSL_CERT_FILE must name a PEM file of certificates";
        SHARED_FILES_UNREADABLE "shared_files_unreadable" Configuration
            "AWS's shared files cannot be read: {reason}"
            "fix the file, then try `aws configure list`";
        SERVICES_ABSENT "services_absent" Configuration
            "profile `{profile}` uses [services {services}], which does not exist"
            "add that section to AWS's configuration file, or remove `services` from the profile";
        ENDPOINT_OVERRIDE_INVALID "endpoint_override_invalid" Configuration
            "the endpoint override `{url}` of {service} is not a URL"
            "unset AWS_ENDPOINT_URL and the variables that start with it, or start their values with https://";
    }
    Machine TOKEN {
        PROGRAM_MISSING "program_missing" Configuration
            "the program `codeartifact` is not in {folder}"
            "install all programs of one release into one folder";
        OTHER_RELEASE "other_release" Configuration
            "this program is of release {ours}, and the `codeartifact` beside it is codeartifact {theirs}"
            "install all programs of one release into one folder";
        NO_ANSWER "no_answer" Configuration
            "the `codeartifact` beside this program gave no answer: {reason}"
            "run `codeartifact test` to see why";
    }
    Machine ANY {
        CALL_NOT_MADE "call_not_made" Configuration
            "the call cannot be made: {reason}"
            "check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT";
    }
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
    Token TOKEN {
        TOKEN_NOT_ALLOWED "token_not_allowed" Permission
            "codeartifact:GetAuthorizationToken is not allowed"
            "the caller needs codeartifact:GetAuthorizationToken on this domain; compare with `codeartifact policy permissions< {connection}>`",
            GetAuthorizationToken DENIED "";
        BEARER_TOKEN_NOT_ALLOWED "bearer_token_not_allowed" Permission
            "sts:GetServiceBearerToken is not allowed"
            "the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with `codeartifact policy permissions< {connection}>`",
            GetAuthorizationToken DENIED "sts:GetServiceBearerToken";
        DURATION_CAPPED "duration_capped" Permission
            "a policy caps its life, and one of 15 minutes was given"
            "shorten `duration`: `<codeartifact connect {connection} --duration 1h|export CODEARTIFACT_DURATION=1h>`";
        DOMAIN_ABSENT "domain_absent" NotFound
            "there is no such domain"
            "check domain, account and Region in the URL",
            GetAuthorizationToken ["ResourceNotFoundException"] "",
            List ["ResourceNotFoundException"] "";
        DOMAIN_MISSPELT "domain_misspelt" NotFound
            "there is no such domain, but `{nearest}`"
            "did you mean `{nearest}`?";
        DOMAINS_FAILED "domains_failed" NotFound
            "AWS was not asked: a moment ago it gave no token for this domain, or for another one that no connection has"
            "a domain of a connection is always asked for: make one with `codeartifact connect`";
        REGION_WRONG "region_wrong" NotFound
            "the account has it in {found}"
            "write {found} for {region} in the URL";
        DOMAIN_OF_OTHER_ACCOUNT "domain_of_other_account" Permission
            "the caller is of account {caller}"
            "check the account in the URL; if it is right, the domain's policy must let account {caller} in";
    }
    Token TOKEN {
        BROKER_REFUSED "broker_refused" Permission
            "the broker {broker} refused: {reason}"
            "its [[clients]] decide who gets which connection: show these words to those who run it";
        BROKER_REJECTS_TOKEN "broker_rejects_token" Authentication
            "the broker {broker} does not accept this job's identity token: {reason}"
            "the token must be fresh, for the audience {audience}, and of an issuer that the broker's [[clients]] name";
        BROKER_DOWN "broker_down" Network
            "the broker {broker} gave no token: {reason}<; and without it {own}>"
            "check that this machine may reach it; its /readyz and its log say more";
    }
    Token NONE {
        STORE_UNUSABLE "store_unusable" Done
            "the store {store} that hosts share cannot be used, so AWS was asked: {reason}"
            "correct [store] in the configuration, or the server; without it each host asks AWS by itself";
    }
    Token REPOSITORIES {
        LIST_NOT_ALLOWED "list_not_allowed" Permission
            "the caller may not have the list"
            "<no token needs it, but only codeartifact:ListRepositoriesInDomain on domain {domain} shows what there is|name the domain with --domain and --owner, or let the caller have codeartifact:ListDomains>",
            List DENIED "";
    }
    Repository REPOSITORY {
        REPOSITORY_ABSENT "repository_absent" NotFound
            "404, the domain has no repository of that name"
            "<did you mean `{nearest}`?|check the repository in the URL; capitals count>";
        REPOSITORY_NOT_READABLE "repository_not_readable" Permission
            "403, the token is good, but its holder may not read there"
            "the caller needs codeartifact:ReadFromRepository on it; compare with `codeartifact policy permissions< {connection}>`";
        TOKEN_NOT_TAKEN "token_not_taken" Authentication
            "401, though the token is new"
            "a proxy may strip the Authorization header: try without the proxy";
    }
    Package PUBLICATION {
        PUBLICATION_NOT_ALLOWED "publication_not_allowed" Permission
            "the caller may not publish there"
            "it takes codeartifact:ListPackageVersionAssets and codeartifact:PublishPackageVersion on the package, which a reader's role has not; name another connection",
            Publish DENIED "";
        PUBLICATION_NOWHERE "publication_nowhere" NotFound
            "there is no such domain or repository"
            "check the repository's URL; capitals count",
            Publish ["ResourceNotFoundException"] "";
        VERSION_TAKEN "version_taken" Configuration
            "that version is there already, with other files"
            "what is published cannot be changed: publish another version",
            Publish ["ConflictException"] "";
    }
    Package PACKAGE {
        PACKAGE_ABSENT "package_absent" NotFound
            "404, and no other place that may be read has it"
            "publish it there, or connect an upstream that has it";
        VERSION_ABSENT "version_absent" NotFound
            "the package is there, the version is not"
            "there is {existing}";
        PACKAGE_OF_OTHER_FORMAT "package_of_other_format" NotFound
            "it is there as a package of format {format}"
            "look for it as {format}:{package}";
        PACKAGE_ELSEWHERE "package_elsewhere" NotFound
            "repository `{repository}` of the same domain has it"
            "use repository `{repository}`";
        UPSTREAM_NOT_CONNECTED "upstream_not_connected" NotFound
            "repository `{repository}` of the same domain has it, and is no upstream of this one"
            "make `{repository}` an upstream with `aws codeartifact update-repository`, or use it instead";
    }
    Client NONE {
        REQUEST_FORBIDDEN "request_forbidden" Permission
            "{url} was refused (403 Forbidden): the token is good, but its role may not read there"
            "compare what the role may read with `codeartifact policy permissions`";
        URL_WITH_CREDENTIALS "url_with_credentials" Authentication
            "{url} was refused with the user and password that are in the URL itself"
            "remove them from the URL, so that it begins with `https://` and the host";
        URL_NOT_AN_INDEX "url_not_an_index" Done
            "{url} is not an index, so pip will find no package there"
            "give pip {url}simple/";
    }
    Network ANY {
        NAME_UNKNOWN "name_unknown" Network
            "{host} has no address: {reason}"
            "check the name servers, and HTTPS_PROXY if there is a proxy";
        NETWORK_FAILED "network_failed" Network
            "{host} cannot be reached: {reason}"
            CHECK_PROXY;
        CERTIFICATE_UNKNOWN "certificate_unknown" Network
            "{host} cannot be trusted: {reason}"
            "if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority";
        PROXY_REFUSED "proxy_refused" Network
            "the proxy does not connect to {host}: {reason}"
            CHECK_PROXY;
        TIMED_OUT "timed_out" Network
            "no answer in time"
            "check the network, and HTTPS_PROXY if there is a proxy";
        THROTTLED "throttled" Network
            "too many calls: {quota} of <account {throttled}|the caller's account> is used up"
            "try again in a minute, or ask AWS to raise that quota; tokens that are kept need no call",
            Any [
                "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "TooManyRequestsError",
                "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "EC2ThrottledException",
                "BandwidthLimitExceeded", "LimitExceededException", "PriorRequestNotComplete", "SlowDown",
                "ProvisionedThroughputExceededException", "TransactionInProgressException"
            ] "";
        SERVER_FAILED "server_failed" Network
            "AWS could not answer"
            "try again in a minute",
            AssumeRoleWithWebIdentity ["IDPCommunicationError"] "";
        ANSWER_GARBLED "answer_garbled" Network
            "the answer (HTTP {status}) is not AWS's"
            "a proxy or a sign-in page of the network may be in between";
        CLOCK_WRONG "clock_wrong" Authentication
            "this machine's clock is too far from AWS's"
            "set this machine's clock",
            Any ["RequestTimeTooSkewed", "RequestExpired"] "",
            Any SIGNATURE "Signature expired",
            Any SIGNATURE "Signature not yet current";
    }
    Network NONE {
        CLOCK_OFF "clock_off" Done
            "this machine's clock is {difference} AWS's"
            "set this machine's clock: it decides how old a kept token is";
    }
}
