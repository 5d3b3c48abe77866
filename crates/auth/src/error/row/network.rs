//! Failures of the network, of AWS's servers and of the clock.

use super::SIGNATURE;
use crate::error::table::Call::{Any, AssumeRoleWithWebIdentity};

const CHECK_PROXY: &str = "<check the proxy in {proxy}, and NO_PROXY|check the network; if there is a proxy, set HTTPS_PROXY>";

rows! {
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
