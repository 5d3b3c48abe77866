//! The table as a whole, and what AWS's codes mean by it. That each row is true is shown by the end-to-end tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::*;
use crate::error::row;

/// Opens the part of the page that is generated. What is above it is written by hand, and held true by the topic `readme`.
const HEADING: &str = "## Every failure by its name\n";

const INTRODUCTION: &str = "
Generated from `crates/auth/src/error/row/`; a test produces every row. `--format json` calls a failure by the name in the
first column, and `…` stands for what differs from case to case.
";

#[test]
fn no_two_rows_look_alike() {
    let of = |column: fn(&Row) -> String| {
        let column: BTreeSet<_> = row::all().map(column).collect();
        column.len()
    };
    assert_eq!(of(|row| row.key.to_owned()), row::all().count());
    assert_eq!(of(Row::says), row::all().count());
    assert!(row::all().all(|row| !row.advises().is_empty()));
}

/// One that is not is written anew, so that what changed can be looked at.
#[test]
fn the_page_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/TROUBLESHOOTING.md");
    let read = fs::read_to_string(&path).unwrap();
    let (by_hand, _) = read.split_once(HEADING).unwrap();
    let written = format!("{by_hand}{HEADING}{}", generated());
    if read != written {
        fs::write(&path, written).unwrap();
        panic!("{} was not up to date, and is now", path.display());
    }
}

fn generated() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut area = None;
    for row in row::all() {
        if area.replace(row.area) != Some(row.area) {
            let _ = write!(
                page,
                "\n### {}\n\n| | what is said | what to do | exit |\n| --- | --- | --- | --: |\n",
                row.area
            );
        }
        let (key, exit) = (row.key, row.exit as u8);
        let (says, hint) = (cell(&row.says()), cell(&row.advises()));
        let _ = writeln!(page, "| `{key}` | {says} | {hint} | {exit} |");
    }
    page
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn meant(call: Call, code: &str, message: &str) -> Option<&'static str> {
    let said = AwsSaid {
        code: code.into(),
        message: message.into(),
        request_id: None,
    };
    Row::meant(call, &said).map(|row| row.key)
}

#[test]
fn codes_mean_decisions_at_every_step() {
    let rows = [
        ("ExpiredToken", "", Some(&row::CREDENTIALS_EXPIRED)),
        ("ExpiredTokenException", "", Some(&row::CREDENTIALS_EXPIRED)),
        (
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            Some(&row::CREDENTIALS_REJECTED),
        ),
        (
            "UnrecognizedClientException",
            "",
            Some(&row::CREDENTIALS_REJECTED),
        ),
        (
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match",
            Some(&row::CREDENTIALS_REJECTED),
        ),
        (
            "SignatureDoesNotMatch",
            "Signature expired: 20260101T000000Z is now earlier than 2026",
            Some(&row::CLOCK_WRONG),
        ),
        (
            "InvalidSignatureException",
            "Signature not yet current: 20270101T000000Z",
            Some(&row::CLOCK_WRONG),
        ),
        ("RequestTimeTooSkewed", "", Some(&row::CLOCK_WRONG)),
        ("Throttling", "Rate exceeded", Some(&row::THROTTLED)),
        ("ThrottlingException", "", Some(&row::THROTTLED)),
        ("RegionDisabledException", "", Some(&row::REGION_OFF)),
        ("AccessDenied", "", None),
        ("ValidationError", "", None),
    ];
    for (code, message, row) in rows {
        let expected = row.map(|row| row.key);
        assert_eq!(
            meant(Call::Any, code, message),
            expected,
            "{code}: {message}"
        );
    }
}

#[test]
fn a_refused_role_has_many_reasons() {
    let trust = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact is not authorized \
        to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
    let own = format!("{trust} because no identity-based policy allows the sts:AssumeRole action");
    let denied = format!("{trust} with an explicit deny in a service control policy");
    let long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let root = "Roles may not be assumed by root accounts.";
    mean(
        Call::AssumeRole,
        &[
            ("AccessDenied", trust, Some(&row::ROLE_REFUSED)),
            ("AccessDenied", &denied, Some(&row::EXPLICITLY_DENIED)),
            ("AccessDenied", root, Some(&row::ROOT_USER)),
            ("ValidationError", long, Some(&row::SESSION_TOO_LONG)),
            ("AccessDenied", &own, Some(&row::CALLER_NOT_ALLOWED)),
            (
                "PackedPolicyTooLarge",
                "",
                Some(&row::SESSION_POLICY_REFUSED),
            ),
            ("ValidationError", "", None),
        ],
    );
}

#[test]
fn a_refused_token_has_many_reasons() {
    let trust = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact is not authorized \
        to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
    let token = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
        codeartifact:GetAuthorizationToken on resource: arn:aws:codeartifact:us-east-1:111122223333:domain/my-domain \
        because no identity-based policy allows the codeartifact:GetAuthorizationToken action";
    let bearer = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
        sts:GetServiceBearerToken on resource: arn:aws:sts::111122223333:self";
    let denied = format!("{trust} with an explicit deny in a service control policy");
    let denied_bearer = format!("{bearer} with an explicit deny in a service control policy");
    let token_root = "The account root user cannot request an authorization token";
    mean(
        Call::GetAuthorizationToken,
        &[
            ("AccessDeniedException", token_root, Some(&row::ROOT_USER)),
            (
                "AccessDeniedException",
                &denied,
                Some(&row::EXPLICITLY_DENIED),
            ),
            (
                "AccessDeniedException",
                &denied_bearer,
                Some(&row::EXPLICITLY_DENIED),
            ),
            (
                "AccessDeniedException",
                token,
                Some(&row::TOKEN_NOT_ALLOWED),
            ),
            (
                "AccessDeniedException",
                bearer,
                Some(&row::BEARER_TOKEN_NOT_ALLOWED),
            ),
            ("AccessDeniedException", "", Some(&row::TOKEN_NOT_ALLOWED)),
            ("ResourceNotFoundException", "", Some(&row::DOMAIN_ABSENT)),
            ("ValidationException", "", None),
        ],
    );
}

#[test]
fn a_refused_list_has_two_reasons() {
    mean(
        Call::List,
        &[
            ("AccessDeniedException", "", Some(&row::LIST_NOT_ALLOWED)),
            ("ResourceNotFoundException", "", Some(&row::DOMAIN_ABSENT)),
        ],
    );
}

#[test]
fn a_refused_identity_token_has_many_reasons() {
    mean(
        Call::AssumeRoleWithWebIdentity,
        &[
            ("AccessDenied", "", Some(&row::ID_TOKEN_SUBJECT)),
            (
                "InvalidIdentityToken",
                "Incorrect token audience",
                Some(&row::ID_TOKEN_AUDIENCE),
            ),
            (
                "InvalidIdentityToken",
                "No OpenIDConnect provider found in your account for https://gitlab.com",
                Some(&row::ID_TOKEN_ISSUER),
            ),
            ("ExpiredTokenException", "", Some(&row::ID_TOKEN_EXPIRED)),
            ("IDPRejectedClaim", "", Some(&row::ID_TOKEN_REJECTED)),
            ("IDPCommunicationError", "", Some(&row::SERVER_FAILED)),
        ],
    );
}

#[test]
fn a_refused_sign_in_means_the_credentials() {
    mean(
        Call::GetRoleCredentials,
        &[
            ("ForbiddenException", "", Some(&row::CREDENTIALS_REJECTED)),
            ("AccessDenied", "", None),
        ],
    );
}

fn mean(call: Call, rows: &[(&str, &str, Option<&Row>)]) {
    for (code, message, row) in rows {
        let expected = row.map(|row| row.key);
        assert_eq!(meant(call, code, message), expected, "{code}: {message}");
    }
}
