//! The parameters of STS calls: read from the form, checked against the service model's grammar.
//! Nothing here knows if a role exists.

use std::collections::{BTreeMap, BTreeSet};

use crate::call::Call;
use crate::clock::Seconds;
use crate::iam::{Policy, PolicyKind};
use crate::reply::Refusal;

pub(super) struct Parameters(BTreeMap<String, String>);

/// The parameters that AssumeRole and AssumeRoleWithWebIdentity have in common.
pub(super) struct RoleRequest {
    pub(super) role_arn: String,
    pub(super) session_name: String,
    pub(super) duration: Seconds,
    pub(super) policy: Option<Policy>,
    /// The policy's length, of which AWS tells the percentage that it fills.
    pub(super) policy_size: Option<usize>,
}

impl Parameters {
    /// Reads the form in the body, or the query of a GET.
    pub(super) fn read(call: &Call) -> Self {
        let query = call.query();
        let pairs = form_urlencoded::parse(query.as_bytes())
            .chain(form_urlencoded::parse(call.request.body()));
        Self(
            pairs
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn role_request(&self) -> Result<RoleRequest, Refusal> {
        let role_arn = self.required("RoleArn", "roleArn", 20, 2048)?;
        check_role_arn(role_arn)?;
        let session_name = self.required("RoleSessionName", "roleSessionName", 2, 64)?;
        check_characters("roleSessionName", session_name, "=,.@-")?;
        let policy = self.get("Policy");
        Ok(RoleRequest {
            role_arn: role_arn.to_owned(),
            session_name: session_name.to_owned(),
            duration: self.duration(3600, 43200)?,
            policy: policy.map(session_policy).transpose()?,
            policy_size: policy.map(str::len),
        })
    }

    /// `[\w+=,.@:\/-]*`, 2 to 1224 characters.
    pub(super) fn external_id(&self) -> Result<Option<&str>, Refusal> {
        let Some(value) = self.get("ExternalId") else {
            return Ok(None);
        };
        check_length("externalId", value, 2, 1224)?;
        check_characters("externalId", value, "=,.@:/-")?;
        Ok(Some(value))
    }

    pub(super) fn source_identity(&self) -> Result<Option<&str>, Refusal> {
        let Some(value) = self.get("SourceIdentity") else {
            return Ok(None);
        };
        check_length("sourceIdentity", value, 2, 64)?;
        check_characters("sourceIdentity", value, "=,.@-")?;
        Ok(Some(value))
    }

    /// Serial number and code of a second factor.
    pub(super) fn second_factor(&self) -> Result<(Option<&str>, Option<&str>), Refusal> {
        let (serial, code) = (self.get("SerialNumber"), self.get("TokenCode"));
        if let Some(serial) = serial {
            check_length("serialNumber", serial, 9, 256)?;
            check_characters("serialNumber", serial, "=/:,.@-")?;
        }
        if let Some(code) = code {
            check_length("tokenCode", code, 6, 6)?;
            if !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(invalid(format!(
                    "Value '{code}' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*"
                )));
            }
        }
        Ok((serial, code))
    }

    /// Session tags. IAM's keys have no case, so that two may not differ in case alone.
    pub(super) fn tags(&self) -> Result<BTreeMap<String, String>, Refusal> {
        let keys = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with("Tags.member.") && name.ends_with(".Key"));
        let tags: Vec<_> = keys
            .map(|(name, key)| {
                let value = self.get(&name.replace(".Key", ".Value"));
                (key.clone(), value.unwrap_or_default().to_owned())
            })
            .collect();
        let distinct: BTreeSet<_> = tags.iter().map(|(key, _)| key.to_lowercase()).collect();
        if distinct.len() < tags.len() {
            let text = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(Refusal::new(400, "InvalidParameterValue", text));
        }
        Ok(tags.into_iter().collect())
    }

    /// Managed policies are not in a scenario, so naming one cannot be answered as AWS would.
    pub(super) fn refuse_managed_policies(&self) -> Result<(), Refusal> {
        let given = self.0.keys().any(|name| name.starts_with("PolicyArns."));
        let refusal = || {
            Refusal::new(
                400,
                "NotInThisEmulator",
                "PolicyArns name managed policies, which this emulator does not have",
            )
        };
        if given { Err(refusal()) } else { Ok(()) }
    }

    pub(super) fn required(
        &self,
        name: &str,
        member: &str,
        min: usize,
        max: usize,
    ) -> Result<&str, Refusal> {
        let null = || {
            invalid(format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ))
        };
        let value = self.get(name).ok_or_else(null)?;
        check_length(member, value, min, max)?;
        Ok(value)
    }

    /// GetSessionToken's: 15 minutes to 36 hours, 12 hours by default.
    pub(super) fn session_token_duration(&self) -> Result<Seconds, Refusal> {
        self.duration(43200, 129_600)
    }

    fn duration(&self, default: Seconds, max: Seconds) -> Result<Seconds, Refusal> {
        let Some(text) = self.get("DurationSeconds") else {
            return Ok(default);
        };
        let seconds: Seconds = text
            .parse()
            .map_err(|_| Refusal::new(400, "MalformedInput", "DurationSeconds is not a number"))?;
        let bound = |limit: &str| {
            invalid(format!(
                "Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value {limit}"
            ))
        };
        if seconds < 900 {
            Err(bound("greater than or equal to 900"))
        } else if seconds > max {
            Err(bound(&format!("less than or equal to {max}")))
        } else {
            Ok(seconds)
        }
    }
}

fn check_role_arn(arn: &str) -> Result<(), Refusal> {
    if arn.starts_with("arn:") && arn.contains(":role/") {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "ValidationError",
        "Request ARN is invalid",
    ))
}

fn session_policy(text: &str) -> Result<Policy, Refusal> {
    check_length("policy", text, 1, 2048)?;
    Policy::parse(text, PolicyKind::Identity).map_err(|error| {
        Refusal::new(
            400,
            "MalformedPolicyDocument",
            "The policy is not in the valid JSON format.",
        )
        .reason(format!("session policy: {error:#}"))
    })
}

fn check_length(member: &str, value: &str, min: usize, max: usize) -> Result<(), Refusal> {
    let bound = |limit: String| {
        invalid(format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must have length {limit}"
        ))
    };
    match value.chars().count() {
        length if length < min => Err(bound(format!("greater than or equal to {min}"))),
        length if length > max => Err(bound(format!("less than or equal to {max}"))),
        _ => Ok(()),
    }
}

/// `[\w+…]*`, where `\w` is ASCII.
fn check_characters(member: &str, value: &str, others: &str) -> Result<(), Refusal> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '+' || others.contains(c);
    if value.chars().all(legal) {
        return Ok(());
    }
    let pattern = others.replace('/', "\\/");
    Err(invalid(format!(
        "Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+{pattern}]*"
    )))
}

fn invalid(text: String) -> Refusal {
    Refusal::new(
        400,
        "ValidationError",
        format!("1 validation error detected: {text}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        let base = [("RoleArn", ROLE), ("RoleSessionName", "codeartifact")];
        let pairs = base.iter().chain(pairs);
        Parameters(
            pairs
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn wishes_are_checked_as_the_service_model_says() {
        let long = "x".repeat(2049);
        for (name, value, expected) in [
            (
                "RoleArn",
                "arn:aws:iam::1",
                "'roleArn' failed to satisfy constraint: Member must have length greater",
            ),
            (
                "RoleArn",
                "not-an-arn-but-long-enough",
                "Request ARN is invalid",
            ),
            (
                "RoleArn",
                "arn:aws:iam::111122223333:user/ci",
                "Request ARN is invalid",
            ),
            ("RoleSessionName", "x", "greater than or equal to 2"),
            ("RoleSessionName", "a b", "[\\w+=,.@-]*"),
            ("DurationSeconds", "899", "greater than or equal to 900"),
            ("DurationSeconds", "43201", "less than or equal to 43200"),
            ("DurationSeconds", "1h", "not a number"),
            ("Policy", &long, "less than or equal to 2048"),
            ("Policy", "{}", "not in the valid JSON format"),
        ] {
            let refusal = parameters(&[(name, value)])
                .role_request()
                .err()
                .expect(name);
            assert_eq!(refusal.status, 400);
            assert!(
                refusal.message.contains(expected),
                "{name}={value}: {}",
                refusal.message
            );
        }
        let wanted = parameters(&[]).role_request().unwrap();
        assert_eq!((wanted.duration, wanted.policy_size), (3600, None));
    }

    #[test]
    fn external_ids() {
        let long = "x".repeat(1225);
        for (value, legal) in [
            ("k3", true),
            ("a+b=c,d.e@f:g/h-i_j", true),
            ("x", false),
            (&long, false),
            ("a b", false),
            ("ä12", false),
        ] {
            assert_eq!(
                parameters(&[("ExternalId", value)]).external_id().is_ok(),
                legal,
                "{value}"
            );
        }
        assert_eq!(parameters(&[]).external_id().unwrap(), None);
    }

    #[test]
    fn tags_come_in_pairs() {
        let team = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a")];
        let tags = parameters(&team).tags().unwrap();
        assert_eq!(tags.get("team").map(String::as_str), Some("a"));
    }

    #[test]
    fn tags_that_differ_in_case_alone_are_refused() {
        let both = [("Tags.member.1.Key", "team"), ("Tags.member.2.Key", "Team")];
        let refusal = parameters(&both).tags().unwrap_err();
        assert_eq!(
            (refusal.status.as_u16(), refusal.code.as_ref()),
            (400, "InvalidParameterValue")
        );
    }

    #[test]
    fn managed_policies_are_refused_in_our_own_words() {
        let given = parameters(&[(
            "PolicyArns.member.1.arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        )]);
        let refusal = given.refuse_managed_policies().unwrap_err();
        assert_eq!(refusal.code, "NotInThisEmulator");
    }
}
