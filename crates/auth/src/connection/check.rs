//! The checks of single values, whether they stand in the file or in a variable. Each takes the text and gives
//! what it means, or the [`Problem`]. Limits and grammars: the models of STS and IAM.

use super::{CacheChoice, Scope, TokenDuration};
use crate::endpoint::{Endpoint, Format, MappedHosts, Partition, is_account_id};
use crate::error::Problem;

const DURATION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;
const EXTERNAL_ID_LENGTH: std::ops::RangeInclusive<usize> = 8..=1224;
const ROLE_ARN_LENGTH: std::ops::RangeInclusive<usize> = 20..=2048;
const ROLE_NAME_LENGTH: std::ops::RangeInclusive<usize> = 1..=64;
const ROLE_PATH_LENGTH: usize = 512;

pub(super) fn profile(text: &str) -> Result<String, Problem> {
    match text {
        "" => Err(Problem::Empty),
        _ if text.chars().any(char::is_control) => Err(Problem::ControlCharacter),
        _ => Ok(text.to_owned()),
    }
}

pub(super) fn account_id(text: &str) -> Result<String, Problem> {
    match is_account_id(text) {
        true => Ok(text.to_owned()),
        false => Err(Problem::AccountId(text.to_owned())),
    }
}

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
pub(super) fn role_arn(text: &str) -> Result<String, Problem> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let legal = ROLE_ARN_LENGTH.contains(&text.len())
        && matches!(parts[..], ["arn", partition, "iam", "", account, role]
            if Partition::is_name(partition) && is_account_id(account) && is_role(role));
    match legal {
        true => Ok(text.to_owned()),
        false => Err(Problem::RoleArn {
            given: text.to_owned(),
            corrected: role_of_session(text),
        }),
    }
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

/// People copy `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` from what `aws sts get-caller-identity` says.
fn role_of_session(text: &str) -> Option<String> {
    let (arn_and_partition, rest) = text.split_once(":sts::")?;
    let (account, role_and_session) = rest.split_once(":assumed-role/")?;
    let (role, _) = role_and_session.split_once('/')?;
    role_arn(&format!("{arn_and_partition}:iam::{account}:role/{role}")).ok()
}

/// AWS takes 2 characters; fewer than 8 protect nobody.
pub(super) fn external_id(text: &str) -> Result<String, Problem> {
    let is_legal = |character| is_word(character) || "+=,.@:/-".contains(character);
    match text.chars().find(|character| !is_legal(*character)) {
        Some(illegal) => Err(Problem::ExternalIdCharacter(illegal)),
        None if EXTERNAL_ID_LENGTH.contains(&text.len()) => Ok(text.to_owned()),
        None => Err(Problem::ExternalIdLength(text.len())),
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// `15m` … `12h`, also in seconds, or `session`.
pub(super) fn duration(text: &str) -> Result<TokenDuration, Problem> {
    if text == "session" {
        return Ok(TokenDuration::Session);
    }
    seconds(text)
        .filter(|seconds| DURATION_SECONDS.contains(seconds))
        .map(TokenDuration::Seconds)
        .ok_or_else(|| Problem::Duration(text.to_owned()))
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
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| number.parse().ok())?
        .and_then(|number: u32| number.checked_mul(in_seconds))
}

pub(super) fn cache(text: &str) -> Result<CacheChoice, Problem> {
    match text {
        "auto" => Ok(CacheChoice::Auto),
        "keyring" => Ok(CacheChoice::Keyring),
        "file" => Ok(CacheChoice::File),
        "off" => Ok(CacheChoice::Off),
        _ => Err(none_of(text, &["auto", "keyring", "file", "off"])),
    }
}

pub(super) fn scope(text: &str) -> Result<Scope, Problem> {
    match text {
        "domain" => Ok(Scope::Domain),
        "repositories" => Ok(Scope::Repositories),
        _ => Err(none_of(text, &["domain", "repositories"])),
    }
}

fn none_of(text: &str, known: &'static [&'static str]) -> Problem {
    Problem::Choice {
        given: text.to_owned(),
        known,
    }
}

/// A repository's URL, as the key of `format` has it. Hosts of the user's own count.
pub(super) fn repository(
    text: &str,
    format: Format,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Problem> {
    let endpoint = Endpoint::parse(text, hosts).map_err(Problem::Url)?;
    match mismatch(&endpoint, format, account_id) {
        Some(problem) => Err(problem),
        None if format == Format::Pypi && !text.ends_with("/simple/") => Err(Problem::NotSimple {
            corrected: endpoint.client_url(),
        }),
        None => Ok(endpoint),
    }
}

fn mismatch(endpoint: &Endpoint, expected: Format, account_id: &str) -> Option<Problem> {
    let url = || endpoint.root();
    let owner = &endpoint.domain.owner;
    match endpoint.place.as_ref().map(|place| place.format) {
        None => Some(Problem::NoRepository {
            url: url(),
            format: expected,
        }),
        Some(found) if found != expected => Some(Problem::OtherFormat {
            url: url(),
            found,
            expected,
        }),
        Some(_) if owner != account_id => Some(Problem::OtherOwner {
            url: url(),
            owner: owner.clone(),
            account_id: account_id.to_owned(),
        }),
        Some(_) => None,
    }
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
            assert!(
                matches!(role_arn(arn), Err(Problem::RoleArn { .. })),
                "{arn:?}"
            );
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
            let Err(Problem::RoleArn { corrected, .. }) = role_arn(given) else {
                panic!("{given} was taken for a role");
            };
            assert_eq!(corrected.as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn external_ids() {
        let longest = "x".repeat(1224);
        let rows = [
            ("12345678", None),
            ("aZ09_+=,.@:/-", None),
            (longest.as_str(), None),
            ("1234567", Some(Problem::ExternalIdLength(7))),
            ("", Some(Problem::ExternalIdLength(0))),
            (
                &format!("{longest}x"),
                Some(Problem::ExternalIdLength(1225)),
            ),
            ("1234 5678", Some(Problem::ExternalIdCharacter(' '))),
            ("12345678\n", Some(Problem::ExternalIdCharacter('\n'))),
            ("1234567é", Some(Problem::ExternalIdCharacter('é'))),
            ("12345678*", Some(Problem::ExternalIdCharacter('*'))),
        ];
        for (text, problem) in rows {
            assert_eq!(external_id(text).err(), problem, "{text:?}");
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
