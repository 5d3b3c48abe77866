//! The checks of single values, whether they are in the file or in a variable. Each takes the text and returns its
//! meaning, or the failure without the place. An external id is never shown, and a message stays on its line.
//! Limits and grammars: the models of STS and IAM.

use std::fmt::Display;

use super::{CacheChoice, Scope, TokenDuration};
use crate::endpoint::{Endpoint, Format, MappedHosts, Partition, is_account_id};
use crate::error::{EndpointError, Failure, Row, row};
use crate::id_token::{DEFAULT_AUDIENCE, IdTokenSource, SOURCES};

const DURATION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;
const EXTERNAL_ID_LENGTH: std::ops::RangeInclusive<usize> = 2..=1224;
/// The limit of identity providers in IAM.
const LONGEST_AUDIENCE: usize = 255;
const ROLE_ARN_LENGTH: std::ops::RangeInclusive<usize> = 20..=2048;
const ROLE_NAME_LENGTH: std::ops::RangeInclusive<usize> = 1..=64;
const ROLE_PATH_LENGTH: usize = 512;

/// Makes the failure of a value that is wrong for this reason.
pub(super) fn wrong(reason: impl Display) -> Box<Failure> {
    row::VALUE_WRONG.with("reason", reason)
}

/// Makes the failure of a value that needs another one beside it.
pub(super) fn alone(missing: &str) -> Box<Failure> {
    wrong(format_args!("goes with {missing}, which is missing"))
}

pub(super) fn profile(text: &str) -> Result<String, Box<Failure>> {
    if text.is_empty() {
        return Err(wrong("must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong("holds a control character"));
    }
    Ok(text.to_owned())
}

/// Makes the failure of a connection that is told two ways to its first credentials.
pub(super) fn two_sources(other: &str) -> Box<Failure> {
    wrong(format_args!("goes in place of {other}, which is set too"))
        .with("correction", format_args!("remove one of the two"))
}

pub(super) fn source(text: &str) -> Result<IdTokenSource, Box<Failure>> {
    text.parse().map_err(|()| {
        let given = text.escape_debug();
        wrong(format_args!("`{given}` is none of {SOURCES}"))
    })
}

/// A pattern of paths of Go modules, of which GOPRIVATE has a list with commas.
pub(super) fn go_pattern(text: &str) -> Result<String, Box<Failure>> {
    let is_path = |byte: u8| byte.is_ascii_graphic() && !b",\"'\\`".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_path) && !text.contains("://") {
        return Ok(text.to_owned());
    }
    Err(wrong(format_args!(
        "`{}` is not a pattern of module paths",
        text.escape_debug()
    ))
    .with(
        "correction",
        "write each as GOPRIVATE has it: `example.com/private`",
    ))
}

pub(super) fn audience(text: &str) -> Result<String, Box<Failure>> {
    if (1..=LONGEST_AUDIENCE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Ok(text.to_owned());
    }
    let given = text.escape_debug();
    Err(wrong(format_args!("`{given}` is not an audience")).with(
        "correction",
        format_args!("it looks like `{DEFAULT_AUDIENCE}`"),
    ))
}

pub(super) fn account_id(text: &str) -> Result<String, Box<Failure>> {
    if is_account_id(text) {
        Ok(text.to_owned())
    } else {
        let given = text.escape_debug();
        Err(wrong(format_args!(
            "`{given}` is not an account of 12 digits"
        )))
    }
}

/// Takes `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
pub(super) fn role_arn(text: &str) -> Result<String, Box<Failure>> {
    if is_role_arn(text) {
        return Ok(text.to_owned());
    }
    let correction = match role_of_session(text) {
        Some(corrected) => format!("did you mean `{corrected}`?"),
        None => "it looks like `arn:aws:iam::111122223333:role/NAME`".to_owned(),
    };
    let given = text.escape_debug();
    let refused = wrong(format_args!("`{given}` is not the ARN of an IAM role"));
    Err(refused.with("correction", correction))
}

fn is_role_arn(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    ROLE_ARN_LENGTH.contains(&text.len())
        && matches!(parts[..], ["arn", partition, "iam", "", account, role]
            if Partition::is_name(partition) && is_account_id(account) && is_role(role))
}

fn is_role(resource: &str) -> bool {
    let Some(path_and_name) = resource.strip_prefix("role/") else {
        return false;
    };
    let (path, name) = path_and_name
        .rsplit_once('/')
        .unwrap_or(("", path_and_name));
    path.len() + 2 <= ROLE_PATH_LENGTH
        && path.bytes().all(|byte| byte.is_ascii_graphic())
        && ROLE_NAME_LENGTH.contains(&name.len())
        && name
            .chars()
            .all(|character| is_word(character) || "+=,.@-".contains(character))
}

/// People copy `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` from the output of `aws sts get-caller-identity`.
fn role_of_session(text: &str) -> Option<String> {
    let (arn_and_partition, rest) = text.split_once(":sts::")?;
    let (account, role_and_session) = rest.split_once(":assumed-role/")?;
    let (role, _) = role_and_session.split_once('/')?;
    let role_arn = format!("{arn_and_partition}:iam::{account}:role/{role}");
    is_role_arn(&role_arn).then_some(role_arn)
}

/// A variable's `true` or `false`.
pub(super) fn switch(text: &str) -> Result<bool, Box<Failure>> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => {
            let given = text.escape_debug();
            Err(wrong(format_args!("`{given}` is neither true nor false")))
        }
    }
}

/// A role that exists may ask for a short one; [`super::Hop::has_guessable_id`] tells so.
pub(super) fn external_id(text: &str) -> Result<String, Box<Failure>> {
    let is_legal = |character| is_word(character) || "+=,.@:/-".contains(character);
    if let Some(illegal) = text.chars().find(|character| !is_legal(*character)) {
        return Err(wrong(format_args!(
            "holds {illegal:?}, and an external id is made of `A–Z a–z 0–9 _ + = , . @ : / -`"
        )));
    }
    if EXTERNAL_ID_LENGTH.contains(&text.len()) {
        return Ok(text.to_owned());
    }
    let length = text.len();
    Err(wrong(format_args!(
        "has {length} characters, and AWS takes an external id of 2 to 1224"
    )))
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Takes `15m` … `12h`, also in seconds, or `session`.
pub(super) fn duration(text: &str) -> Result<TokenDuration, Box<Failure>> {
    if text == "session" {
        return Ok(TokenDuration::Session);
    }
    let seconds = seconds(text).filter(|seconds| DURATION_SECONDS.contains(seconds));
    seconds.map(TokenDuration::Seconds).ok_or_else(|| {
        let given = text.escape_debug();
        wrong(format_args!("`{given}` is not a duration from 15m to 12h"))
            .with("correction", "write 15m, 1h, 12h, or session")
    })
}

fn seconds(text: &str) -> Option<u32> {
    let unit_at = text.len().checked_sub(1)?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let in_seconds = match unit {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        _ => return None,
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number.parse().ok().filter(|_| is_number)?;
    number.checked_mul(in_seconds)
}

/// A number of bytes: `500MB`, `10GB`, `1TB`, in powers of ten.
pub(super) fn size(text: &str) -> Result<u64, Box<Failure>> {
    let refused = || {
        let given = text.escape_debug();
        wrong(format_args!(
            "`{given}` is not a size such as `500MB` or `10GB`"
        ))
    };
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err(refused()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| refused())?;
    number.checked_mul(factor).ok_or_else(refused)
}

pub(super) fn cache(text: &str) -> Result<CacheChoice, Box<Failure>> {
    one_of(&CacheChoice::ALL, CacheChoice::name, text)
}

pub(super) fn scope(text: &str) -> Result<Scope, Box<Failure>> {
    one_of(&Scope::ALL, Scope::name, text)
}

fn one_of<T: Copy>(
    known: &[T],
    name: fn(T) -> &'static str,
    text: &str,
) -> Result<T, Box<Failure>> {
    let found = known.iter().find(|choice| name(**choice) == text);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|choice| name(*choice)).collect();
        let (given, names) = (text.escape_debug(), names.join(", "));
        wrong(format_args!("`{given}` is none of {names}"))
    })
}

/// Takes a repository's URL as its client wants it. Hosts of the user's own count.
pub(super) fn repository(
    text: &str,
    format: Format,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Box<Failure>> {
    let endpoint = any_repository(text, format, account_id, hosts)?;
    if format == Format::Pypi && !text.ends_with("/simple/") {
        return Err(ending_missing(format).with("root", endpoint.root()));
    }
    Ok(endpoint)
}

/// Why a URL without the ending of its format is no use.
pub fn ending_missing(format: Format) -> &'static Row {
    match format {
        Format::Nuget => &row::SERVICE_INDEX_MISSING,
        _ => &row::SIMPLE_MISSING,
    }
}

/// Takes any URL of a repository of this format and account.
pub(super) fn any_repository(
    text: &str,
    format: Format,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Box<Failure>> {
    let endpoint = url(text, hosts)?;
    let (root, owner) = (endpoint.root(), &endpoint.domain.owner);
    match endpoint.place.as_ref().map(|place| place.format) {
        None => Err(wrong(format_args!("{root} names no repository")).with(
            "correction",
            format_args!("write it as {root}{format}/REPOSITORY/"),
        )),
        Some(found) if found != format => Err(row::FORMAT_DIFFERS
            .with("url", root)
            .with("found", found)
            .with("expected", format)),
        Some(_) if owner != account_id => Err(row::OWNER_DIFFERS
            .with("url", root)
            .with("owner", owner)
            .with("account_id", account_id)),
        Some(_) => Ok(endpoint),
    }
}

/// Takes any URL of CodeArtifact.
pub(super) fn url(text: &str, hosts: &MappedHosts) -> Result<Endpoint, Box<Failure>> {
    Endpoint::parse(text, hosts).map_err(|error: EndpointError| {
        wrong(&error).with_any("correction", error.failure().hint())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_arns() {
        let long_name = format!("arn:aws:iam::111122223333:role/{}", "a".repeat(64));
        let long_path = format!("arn:aws:iam::111122223333:role/{}/Reader", "a".repeat(510));
        let legal = [
            "arn:aws:iam::111122223333:role/Reader",
            "arn:aws:iam::111122223333:role/a",
            "arn:aws:iam::111122223333:role/path/to:it/Reader_+=,.@-1",
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Reader",
            "arn:aws-cn:iam::111122223333:role/Reader",
            "arn:aws-us-gov:iam::111122223333:role/Reader",
            "arn:aws-eusc:iam::111122223333:role/Reader",
            "arn:aws-iso-b:iam::111122223333:role/Reader",
            &long_name,
            &long_path,
        ];
        for arn in legal {
            assert_eq!(role_arn(arn).as_deref(), Ok(arn));
        }
        let illegal = [
            "",
            "Reader",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/path/",
            "arn:aws:iam::111122223333:role",
            "arn:aws:iam::111122223333:user/Reader",
            "arn:aws:iam::111122223333:instance-profile/Reader",
            "arn:aws:iam::11112222333:role/Reader",
            "arn:aws:iam::1111222233334:role/Reader",
            "arn:aws:iam:us-east-1:111122223333:role/Reader",
            "arn:aws:sts::111122223333:role/Reader",
            "arn:aws-xx:iam::111122223333:role/Reader",
            "arn:AWS:iam::111122223333:role/Reader",
            "ARN:aws:iam::111122223333:role/Reader",
            "arn:aws:iam::111122223333:role/Reader ",
            " arn:aws:iam::111122223333:role/Reader",
            "arn:aws:iam::111122223333:role/Reader\n",
            "arn:aws:iam::111122223333:role/Re ader",
            "arn:aws:iam::111122223333:role/pa th/Reader",
            "arn:aws:iam::111122223333:role/Réader",
            "arn:aws:iam::111122223333:role/Reader*",
            &format!("{long_name}a"),
            &long_path.replace("/Reader", "a/Reader"),
        ];
        for arn in illegal {
            let reason = format!("`{}` is not the ARN of an IAM role", arn.escape_debug());
            assert_eq!(role_arn(arn).unwrap_err().to_string(), reason);
        }
    }

    #[test]
    fn a_sessions_arn_tells_its_role() {
        let rows = [
            (
                "arn:aws:sts::111122223333:assumed-role/Reader/me@example.com",
                Some("arn:aws:iam::111122223333:role/Reader"),
            ),
            (
                "arn:aws-cn:sts::111122223333:assumed-role/Reader/s",
                Some("arn:aws-cn:iam::111122223333:role/Reader"),
            ),
            ("arn:aws:sts::1111:assumed-role/Reader/s", None),
            ("arn:aws:sts::111122223333:federated-user/me", None),
        ];
        for (given, expected) in rows {
            let hint = match expected {
                Some(role) => format!("did you mean `{role}`?"),
                None => "it looks like `arn:aws:iam::111122223333:role/NAME`".to_owned(),
            };
            let refused = role_arn(given).unwrap_err();
            assert_eq!(refused.hint(), Some(hint.as_str()), "{given}");
        }
    }

    #[test]
    fn external_ids() {
        let longest = "x".repeat(1224);
        let rows = [
            ("12345678", None),
            ("ab", None),
            ("aZ09_+=,.@:/-", None),
            (longest.as_str(), None),
            ("1", Some("has 1 characters")),
            ("", Some("has 0 characters")),
            (&format!("{longest}x"), Some("has 1225 characters")),
            ("1234 5678", Some("holds ' '")),
            ("12345678\n", Some("holds '\\n'")),
            ("1234567é", Some("holds 'é'")),
            ("12345678*", Some("holds '*'")),
        ];
        for (text, expected) in rows {
            let reason = external_id(text).err().map(|failure| failure.to_string());
            let reason = reason
                .as_deref()
                .and_then(|reason| reason.split(", and").next());
            assert_eq!(reason, expected, "{text:?}");
        }
    }

    #[test]
    fn sizes() {
        let rows = [
            ("10GB", Some(10_000_000_000)),
            ("500 mb", Some(500_000_000)),
            ("1TB", Some(1_000_000_000_000)),
            ("10", None),
            ("10G", None),
            ("GB", None),
            ("-1GB", None),
            ("1.5GB", None),
            ("99999999999TB", None),
        ];
        for (text, expected) in rows {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn durations() {
        let rows = [
            ("15m", Some(TokenDuration::Seconds(900))),
            ("900s", Some(TokenDuration::Seconds(900))),
            ("1h", Some(TokenDuration::Seconds(3600))),
            ("90m", Some(TokenDuration::Seconds(5400))),
            ("720m", Some(TokenDuration::Seconds(43_200))),
            ("12h", Some(TokenDuration::LONGEST)),
            ("session", Some(TokenDuration::Session)),
            ("14m", None),
            ("899s", None),
            ("43201s", None),
            ("13h", None),
            ("0h", None),
            ("3600", None),
            ("+1h", None),
            ("-1h", None),
            ("1.5h", None),
            ("1h30m", None),
            ("1 h", None),
            ("12H", None),
            ("h", None),
            ("1é", None),
            ("99999999999h", None),
            ("4294967295h", None),
            ("Session", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(duration(text).ok(), expected, "{text:?}");
        }
    }
}
