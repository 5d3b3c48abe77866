//! Faults on request: which requests they befall, how often, and what then happens. They come from the
//! scenario and, while the emulator runs, from the control endpoint.

use std::cell::RefCell;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::iam;

/// One fault as a scenario or the control endpoint states it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) fault: FaultKind,
    /// `sts:AssumeRole`, `npm`, `pypi:*`, …; absent: every action.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    /// A host, with wildcards; absent: every host.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// The number of requests that it affects; absent: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    /// Used by `delay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// Used by `throttle` (its Retry-After), `skew` and `expire`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
    /// Used by `status` and `refuse`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Used by `refuse`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Used by `refuse`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Used by `large`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// The answer is late by `milliseconds`.
    Delay,
    /// There is never an answer.
    Hang,
    /// The connection is reset.
    Reset,
    /// The service says that there were too many requests.
    Throttle,
    /// The service fails with `status`, 500 by default.
    Status,
    /// The service refuses with `status`, `code` and `message`: what this emulator would never say by itself.
    Refuse,
    /// The answer succeeds, but its body makes no sense.
    Garbage,
    /// What would be answered has `bytes` bytes, which are made while they are sent.
    Large,
    /// The service's clock is off by `seconds` for this request.
    Skew,
    /// Tokens and sessions really end after `seconds`, whatever the answer says.
    Expire,
    /// The authorization token that the request carries is revoked from now on.
    Revoke,
}

/// The sum of all faults of one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) kinds: Vec<FaultKind>,
    pub(crate) delay: Duration,
    pub(crate) retry_after: i64,
    pub(crate) status: Option<u16>,
    pub(crate) skew: i64,
    pub(crate) expire: Option<i64>,
    pub(crate) refusal: Option<(u16, String, String)>,
    pub(crate) large: Option<u64>,
}

/// The faults that are still to come.
pub(crate) struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    pub(crate) fn new(initial: Vec<Fault>) -> Self {
        Self(RefCell::new(initial))
    }

    pub(crate) fn add(&self, faults: Vec<Fault>) {
        self.0.borrow_mut().extend(faults);
    }

    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.borrow().clone()
    }

    /// Returns the faults of a request; a fault that was to happen `times` times is used up by it.
    pub(crate) fn take(&self, action: &str, host: &str) -> Effects {
        let mut faults = self.0.borrow_mut();
        let mut effects = Effects::default();
        for fault in faults
            .iter_mut()
            .filter(|fault| fault.befalls(action, host))
        {
            effects.add(fault);
            fault.times = fault.times.map(|times| times.saturating_sub(1));
        }
        faults.retain(|fault| fault.times != Some(0));
        effects
    }
}

impl Fault {
    fn befalls(&self, action: &str, host: &str) -> bool {
        let service = action.split(':').next().unwrap_or_default();
        let of_action = self
            .action
            .as_ref()
            .is_none_or(|wanted| wanted == service || iam::matches(wanted, action));
        of_action
            && self
                .host
                .as_ref()
                .is_none_or(|wanted| iam::matches(wanted, host))
    }
}

impl Effects {
    pub(crate) fn has(&self, kind: FaultKind) -> bool {
        self.kinds.contains(&kind)
    }

    fn add(&mut self, fault: &Fault) {
        self.kinds.push(fault.fault);
        let seconds = fault.seconds.unwrap_or_default();
        match fault.fault {
            FaultKind::Delay => {
                self.delay += Duration::from_millis(fault.milliseconds.unwrap_or_default())
            }
            FaultKind::Throttle => self.retry_after = fault.seconds.unwrap_or(1),
            FaultKind::Status => self.status = Some(fault.status.unwrap_or(500)),
            FaultKind::Large => self.large = fault.bytes,
            FaultKind::Skew => self.skew += seconds,
            FaultKind::Expire => self.expire = Some(seconds),
            FaultKind::Refuse => {
                let code = fault
                    .code
                    .clone()
                    .unwrap_or_else(|| "AccessDenied".to_owned());
                let message = fault.message.clone().unwrap_or_default();
                self.refusal = Some((fault.status.unwrap_or(403), code, message));
            }
            FaultKind::Hang | FaultKind::Reset | FaultKind::Garbage | FaultKind::Revoke => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(json: &str) -> Faults {
        Faults::new(serde_json::from_str(json).expect("faults"))
    }

    #[test]
    fn befall_what_they_name() {
        let all = faults(
            r#"[{"fault":"hang","action":"npm"},{"fault":"reset","action":"sts:*"},
                {"fault":"garbage","action":"pypi:file","host":"*.on.aws"},{"fault":"revoke","host":"*-111122223333.*"}]"#,
        );
        for (action, host, expected) in [
            ("npm:packument", "h", vec![FaultKind::Hang]),
            ("npmx:packument", "h", vec![]),
            ("sts:AssumeRole", "h", vec![FaultKind::Reset]),
            ("pypi:file", "h", vec![]),
            ("pypi:file", "my-domain.on.aws", vec![FaultKind::Garbage]),
            (
                "npm:tarball",
                "my-domain-111122223333.d",
                vec![FaultKind::Hang, FaultKind::Revoke],
            ),
        ] {
            assert_eq!(all.take(action, host).kinds, expected, "{action} {host}");
        }
    }

    #[test]
    fn are_used_up() {
        let twice = faults(
            r#"[{"fault":"throttle","seconds":7,"times":2},{"fault":"delay","milliseconds":5}]"#,
        );
        for expected in [2, 2, 1] {
            assert_eq!(twice.take("sts:AssumeRole", "h").kinds.len(), expected);
        }
        assert_eq!(twice.list().len(), 1);
        twice.clear();
        assert_eq!(twice.take("sts:AssumeRole", "h"), Effects::default());
    }

    #[test]
    fn delays_add_up() {
        let two =
            faults(r#"[{"fault":"delay","milliseconds":5},{"fault":"delay","milliseconds":7}]"#);
        assert_eq!(two.take("connect", "h").delay, Duration::from_millis(12));
    }
}
