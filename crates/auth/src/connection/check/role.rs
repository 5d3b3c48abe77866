//! A role's ARN and its external id. Limits and grammars: the models of STS and IAM.

use std::ops::RangeInclusive;

use super::wrong;
use crate::endpoint::{Partition, is_account_id};
use crate::error::Failure;

const EXTERNAL_ID_LENGTH: RangeInclusive<usize> = 2..=1224;
const ROLE_ARN_LENGTH: RangeInclusive<usize> = 20..=2048;
const ROLE_NAME_LENGTH: RangeInclusive<usize> = 1..=64;
const ROLE_PATH_LENGTH: usize = 512;

/// Takes `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
pub(in crate::connection) fn role_arn(text: &str) -> Result<String, Box<Failure>> {
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

/// A role that exists may ask for a short one; [`crate::connection::Hop::has_guessable_id`] tells so.
pub(in crate::connection) fn external_id(text: &str) -> Result<String, Box<Failure>> {
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
}
