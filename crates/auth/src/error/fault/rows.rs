//! The rows of the troubleshooting table: name for us, name for programs, exit code; what is said; the hint. `…` stands
//! for what differs from case to case. Texts only.

use super::{Area, Row};
use crate::error::Exit;

faults! {
    Configuration {
        FileUnusable "file_unusable" Configuration
            "cannot read the configuration …: …"
            "unset CODEARTIFACT_CONFIG to use the default file";
        KeyUnknown "key_unknown" Configuration
            "…, line …, column …: …: there is no such key"
            "did you mean `…`?";
        ValueWrong "value_wrong" Configuration
            "…, line …, column …: …: …"
            "write …";
        FormatDiffers "format_differs" Configuration
            "…: … is of format …, not …"
            "its key is `…`";
        OwnerDiffers "owner_differs" Configuration
            "…: … belongs to account …, and account_id is …"
            "a connection is for one account: correct the URL, or account_id";
        SimpleMissing "simple_missing" Configuration
            "…pip and its like need the URL to end in /simple/"
            "write …/simple/";
        ConnectionUnknown "connection_unknown" Configuration
            "there is no connection named `…`"
            "did you mean `…`?";
        ConnectionAmbiguous "connection_ambiguous" Configuration
            "connections `…` and `…` both fit …"
            "name one of them: `CODEARTIFACT_CONNECTION=…`, or `--connection …` where there is that option";
        ConnectionOfOtherAccount "connection_of_other_account" Configuration
            "connection `…`… is for account …, and … belongs to …"
            "unset CODEARTIFACT_CONNECTION to let the URL decide";
        UrlOfOthers "url_of_others" Nothing
            "`…` is not a CodeArtifact URL"
            "a proxy of your own in front of CodeArtifact belongs into [hosts]";
        UrlMalformed "url_malformed" Usage
            "`…` …"
            "a repository's URL looks like https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    }
    Machine {
        CaBundleUnusable "ca_bundle_unusable" Configuration
            "cannot talk to AWS…: the CA bundle `…` …"
            "AWS_CA_BUNDLE or `ca_bundle` must name a PEM file of certificates";
        SharedFilesUnreadable "shared_files_unreadable" Configuration
            "cannot talk to AWS…: AWS's shared files cannot be read: …"
            "mend the file, then try `aws configure list`";
        EndpointOverrideInvalid "endpoint_override_invalid" Configuration
            "cannot talk to AWS…: the endpoint override `…` of … is no URL"
            "unset AWS_ENDPOINT_URL and those that begin so, or start their values with https://";
        CallNotMade "call_not_made" Configuration
            "…: the call cannot be made: …"
            "check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT";
    }
    Credentials {
        CredentialsAbsent "credentials_absent" Authentication
            "cannot get AWS credentials…: there are none in the environment, the shared files, a web identity, a container or an instance"
            "sign in with `aws sso login` or `aws login`, or name a profile with AWS_PROFILE";
        ProfileAbsent "profile_absent" Configuration
            "cannot get AWS credentials…: there is no profile `…`"
            "there is …";
        ProfileEmpty "profile_empty" Authentication
            "cannot get AWS credentials…: profile `…` holds none"
            "give it credentials with `aws configure sso --profile …`";
        MfaNeeded "mfa_needed" Authentication
            "cannot get AWS credentials…: profile `…` wants an MFA code, which cannot be asked for here"
            "use a profile that needs no code, such as one that `aws sso login` signs in";
        SignInOver "sign_in_over" Authentication
            "cannot get AWS credentials…: the sign-in of profile `…` is over"
            "run `aws … --profile …`";
        SourceFailed "source_failed" Authentication
            "cannot get AWS credentials…: …: …"
            "see whether `aws sts get-caller-identity` works with the same profile";
        SourceSlow "source_slow" Network
            "cannot get AWS credentials…: no answer in time"
            "see how long `aws sts get-caller-identity` takes with the same profile";
        CredentialsExpired "credentials_expired" Authentication
            "…: the credentials have expired"
            "sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it";
        CredentialsRejected "credentials_rejected" Authentication
            "…: AWS does not take the credentials"
            "see whether `aws sts get-caller-identity` works with the same keys or profile";
        RootUser "root_user" Authentication
            "…: the caller is an account's root user"
            "use an IAM user or role, which can assume roles and get tokens";
    }
    Roles {
        ViaRefused "via_refused" Authentication
            "cannot assume … (hop …): the role does not let the caller in"
            "the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole";
        RoleRefused "role_refused" Authentication
            "cannot assume … (hop …): AWS tells nobody whether it is the role's name, the external id or the trust policy"
            "the role ARN, its external id or its trust policy differ from this connection; compare with `codeartifact policy trust…`";
        RoleRefusedSince "role_refused_since" Authentication
            "cannot assume … (hop …): it let us in with the same external id at …"
            "the role was deleted or its trust policy changed since then: ask whoever owns account …";
        RoleOfOtherAccount "role_of_other_account" Authentication
            "cannot assume … (hop …): the role is of another account than the repositories, which are of …"
            "check the account in the role's ARN, and correct it: `codeartifact connect … --role-arn ARN`";
        ExternalIdNotSent "external_id_not_sent" Authentication
            "cannot assume … (hop …): no external id was sent, and the role may ask for one"
            "its trust policy must name the caller; if it asks for an external id, give that: `codeartifact connect … --external-id ID`";
        ExternalIdNotEnforced "external_id_not_enforced" Done
            "… lets the caller in without the external id too"
            "its trust policy must ask for sts:ExternalId, as `codeartifact policy trust…` does";
        CallerNotAllowed "caller_not_allowed" Authentication
            "cannot assume … (hop …): the caller's own policies do not allow it"
            "the caller's own policy must allow sts:AssumeRole on this role";
        ExplicitlyDenied "explicitly_denied" Permission
            "…: a policy denies it explicitly"
            "AWS names the kind of policy: ask its administrator for an exception";
        SessionTooLong "session_too_long" Configuration
            "cannot assume … (hop …): its sessions may not last as long as was asked for"
            "the role's MaxSessionDuration must be an hour at least, which is AWS's default";
        SessionPolicyRefused "session_policy_refused" Configuration
            "cannot assume … (hop …): AWS does not take the session policy that narrows it"
            "set `scope = \"domain\"` to go without a session policy";
        ValueRefused "value_refused" Configuration
            "…: AWS does not take a value that was sent"
            "check the connection with `codeartifact connections…`";
        RegionOff "region_off" Permission
            "…: STS is not active in this Region"
            "an administrator can activate STS for this Region in the account's IAM settings";
    }
    Token {
        TokenNotAllowed "token_not_allowed" Permission
            "cannot get a token for domain … of account … in …: codeartifact:GetAuthorizationToken is not allowed"
            "the caller needs codeartifact:GetAuthorizationToken on this domain; compare with `codeartifact policy permissions…`";
        BearerTokenNotAllowed "bearer_token_not_allowed" Permission
            "cannot get a token for domain … of account … in …: sts:GetServiceBearerToken is not allowed"
            "the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with `codeartifact policy permissions…`";
        DurationCapped "duration_capped" Permission
            "cannot get a token for domain … of account … in …: a policy caps its life, and one of 15 minutes was given"
            "shorten `duration`: `codeartifact connect … --duration 1h`";
        DomainAbsent "domain_absent" NotFound
            "cannot get a token for domain … of account … in …: there is no such domain"
            "check domain, account and Region in the URL";
        DomainMisspelt "domain_misspelt" NotFound
            "cannot get a token for domain … of account … in …: there is no such domain, but `…`"
            "did you mean `…`?";
        RegionWrong "region_wrong" NotFound
            "cannot get a token for domain … of account … in …: the account has it in …"
            "write … for … in the URL";
        DomainOfOtherAccount "domain_of_other_account" Permission
            "cannot get a token for domain … of account … in …: the caller is of account …"
            "check the account in the URL; if it is right, the domain's policy must let account … in";
        ListNotAllowed "list_not_allowed" Permission
            "cannot list the repositories of domain … of account … in …: the caller may not have the list"
            "no token needs it, but only codeartifact:ListRepositoriesInDomain on the domain shows what there is";
    }
    Repository {
        RepositoryAbsent "repository_absent" NotFound
            "cannot read …: 404, the domain has no repository of that name"
            "did you mean `…`?";
        RepositoryNotReadable "repository_not_readable" Permission
            "cannot read …: 403, the token is good, but its holder may not read there"
            "the caller needs codeartifact:ReadFromRepository on it; compare with `codeartifact policy permissions…`";
        TokenNotTaken "token_not_taken" Authentication
            "cannot read …: 401, though the token is new"
            "something on the way may take the Authorization header away: try without the proxy";
    }
    Package {
        PackageAbsent "package_absent" NotFound
            "cannot find … in …: 404, and nothing else that may be looked at has it"
            "publish it there, or connect an upstream that has it";
        VersionAbsent "version_absent" NotFound
            "cannot find …@… in …: the package is there, the version is not"
            "there is …";
        PackageOfOtherFormat "package_of_other_format" NotFound
            "cannot find … in …: it is there as a package of format …"
            "look for it as …:…";
        PackageElsewhere "package_elsewhere" NotFound
            "cannot find … in …: repository `…` of the same domain has it"
            "use repository `…`";
        UpstreamNotConnected "upstream_not_connected" NotFound
            "cannot find … in …: repository `…` of the same domain has it, and is no upstream of this one"
            "make `…` an upstream with `aws codeartifact update-repository`, or use it instead";
    }
    Network {
        NameUnknown "name_unknown" Network
            "…: … has no address: …"
            "check the name servers, and HTTPS_PROXY if there is a proxy";
        NetworkFailed "network_failed" Network
            "…: … cannot be reached: …"
            "check the …";
        CertificateUnknown "certificate_unknown" Network
            "…: … cannot be trusted: …"
            "if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority";
        ProxyRefused "proxy_refused" Network
            "…: the proxy does not connect to …: …"
            "check the proxy in …, and NO_PROXY";
        TimedOut "timed_out" Network
            "…: no answer in time"
            "check the network, and HTTPS_PROXY if there is a proxy";
        Throttled "throttled" Network
            "…: there were too many calls"
            "try again in a minute; tokens that are kept need no call";
        ServerFailed "server_failed" Network
            "…: AWS could not answer"
            "try again in a minute";
        AnswerGarbled "answer_garbled" Network
            "…: the answer (HTTP …) is not AWS's"
            "a proxy or a sign-in page of the network may be in between";
        ClockWrong "clock_wrong" Authentication
            "…: this machine's clock is too far from AWS's"
            "set this machine's clock";
        ClockOff "clock_off" Done
            "this machine's clock is … AWS's"
            "set this machine's clock: kept tokens are judged by it";
    }
}
