//! Failures to get the authorization token from AWS, a broker or a store, and to list what is there.

use super::DENIED;
use crate::error::table::Call::{GetAuthorizationToken, List};

rows! {
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
}
