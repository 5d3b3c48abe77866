//! Whole conversations: the questions, and the connection that the answers lead to.

use codeartifact_auth::endpoint::{Format, MappedHosts};

use super::*;
use crate::commands::connect::terminal::for_tests::terminal;
use crate::config_file::{Value, Written};
use crate::console::for_tests::Said;

const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
const GENERATED: &str = "7Qm4tZ0cXb1Lr9Wv7Qm4tZ0cXb1Lr9Wv";

/// Returns the questions and the connection they lead to; `None` if the input ended too early.
fn asked(before: Option<Written>, answers: &str) -> (String, Option<Written>) {
    asked_with(&Found::default(), before, answers)
}

fn asked_with(found: &Found, before: Option<Written>, answers: &str) -> (String, Option<Written>) {
    let hosts = MappedHosts::new();
    let mut draft = Draft::new(before.clone(), &hosts);
    let said = Said::default();
    let mut questions = Questions {
        draft: &mut draft,
        found,
        generated: GENERATED.to_owned(),
        terminal: &mut terminal(answers, &said),
    };
    let done = questions.ask_all();
    let after = before.unwrap_or_default().after(draft.changes());
    (said.text(), done.map(|()| after))
}

fn written(values: &[(Key, &str)]) -> Written {
    let changes = values
        .iter()
        .map(|(key, text)| (*key, Some(Value::Text((*text).to_owned()))));
    Written::default().after(&changes.collect::<Vec<_>>())
}

#[test]
fn the_whole_conversation() {
    let npm = format!("{HOST}/npm/my-repo/");
    let (said, after) = asked(None, &format!("{npm}\n\n\n\n\n\n\n"));
    assert_eq!(
        said,
        format!(
            "Press Enter to keep the value in brackets; type - to clear it.\n\
             Repository URL: First credentials (a profile, or a CI system's token) [AWS's default chain]: \
             Roles before the account's own, separated by commas (empty: none): \
             Role ARN [{ROLE}]: External ID [generated: {GENERATED}]: \
             pypi URL (empty: none): go URL (empty: none): "
        )
    );
    let expected = written(&[
        (Key::AccountId, "111122223333"),
        (Key::RoleArn, ROLE),
        (Key::ExternalId, GENERATED),
        (Key::Url(Format::Npm), &npm),
    ]);
    assert_eq!(after, Some(expected));
}

#[test]
fn the_first_credentials_are_offered_and_chosen() {
    let found = Found {
        profiles: vec!["dev".to_owned(), "github".to_owned()],
        sources: vec!["github-actions"],
        ..Found::default()
    };
    let npm = format!("{HOST}/npm/my-repo/");
    let rows = [
        ("dev\n", Some((Key::Profile, "dev")), true),
        ("profile github\n", Some((Key::Profile, "github")), true),
        (
            "github-actions\n",
            Some((Key::Source, "github-actions")),
            false,
        ),
        (
            "prod\nfile:/token\n",
            Some((Key::Source, "file:/token")),
            false,
        ),
        ("\n", None, true),
        ("-\n", None, true),
    ];
    for (answer, chosen, has_external_id) in rows {
        let rest = if has_external_id {
            "\n\n\n\n\n"
        } else {
            "\n\n\n\n"
        };
        let (said, after) = asked_with(&found, None, &format!("{npm}\n{answer}{rest}"));
        assert!(said.contains("  found here: github-actions, profile dev, profile github\n"));
        let after = after.unwrap();
        let keys = [Key::Profile, Key::Source];
        let found = keys
            .into_iter()
            .find_map(|key| Some((key, after.text(key)?)));
        assert_eq!(found, chosen, "{answer} {said}");
        assert_eq!(after.has(Key::ExternalId), has_external_id, "{answer}");
        let is_unknown = said.contains("`prod` is none of github-actions, gitlab:VARIABLE");
        assert_eq!(is_unknown, answer.starts_with("prod"), "{said}");
    }
}

#[test]
fn roles_before_are_asked_for() {
    let via = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
    let npm = format!("{HOST}/npm/my-repo/");
    let list = |roles: &[&str]| {
        roles
            .iter()
            .map(|&role| role.to_owned())
            .collect::<Vec<_>>()
    };
    let usual = Found {
        usual_via: list(&[via]),
        ..Found::default()
    };
    let rows = [
        (
            Found::default(),
            format!("Reader\n{via}\n"),
            Some(list(&[via])),
        ),
        (
            Found::default(),
            format!("{via}, {ROLE}\n"),
            Some(list(&[via, ROLE])),
        ),
        (usual.clone(), "\n".to_owned(), None),
        (usual, "-\n".to_owned(), Some(Vec::new())),
    ];
    for (found, answer, expected) in rows {
        let (said, after) = asked_with(&found, None, &format!("{npm}\n\n{answer}\n\n\n\n"));
        assert_eq!(after.unwrap().list(Key::Via).cloned(), expected, "{said}");
    }
}

#[test]
fn a_wrong_answer_is_explained_and_asked_for_again() {
    let answers = format!(
        "https://example.com/\n{HOST}/\n{HOST}/pypi/my-repo/\n\n\nReader\n-\n{HOST}/pypi/my-repo/\n\n\n"
    );
    let (said, after) = asked(None, &answers);
    for text in [
        "  it is not the URL of a repository in CodeArtifact, such as https://my-domain-111122223333",
        "names no repository: add /npm/REPOSITORY/ or the like\n",
        "  Role ARN: `Reader` is not the ARN of an IAM role\n  hint: it looks like",
        "  npm URL: https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/ is of \
         format pypi, not npm\n  hint: its key is `pypi`\n",
        &format!("  the pypi URL is saved as its clients need it: {HOST}/pypi/my-repo/simple/\n"),
    ] {
        assert!(said.contains(text), "{text:?} is not in {said:?}");
    }
    let expected = written(&[
        (Key::AccountId, "111122223333"),
        (
            Key::Url(Format::Pypi),
            &format!("{HOST}/pypi/my-repo/simple/"),
        ),
    ]);
    assert_eq!(after, Some(expected));
}

/// Whoever pastes a URL into any field means the repository.
#[test]
fn an_account_may_come_first_and_a_url_anywhere() {
    let (npm, pypi) = (
        format!("{HOST}/npm/my-repo/"),
        format!("{HOST}/pypi/my-repo/simple/"),
    );
    let (_, after) = asked(
        None,
        &format!("111122223333\n{npm}\n{pypi}\n\n\n{pypi}\n\n\n\n"),
    );
    let expected = written(&[
        (Key::AccountId, "111122223333"),
        (Key::RoleArn, ROLE),
        (Key::ExternalId, GENERATED),
        (Key::Url(Format::Npm), &npm),
        (Key::Url(Format::Pypi), &pypi),
    ]);
    assert_eq!(after, Some(expected));
}

#[test]
fn an_empty_line_keeps_a_value_and_a_hyphen_clears_it() {
    let (npm, go) = (
        format!("{HOST}/npm/my-repo/"),
        format!("{HOST}/go/my-repo/"),
    );
    let before = written(&[
        (Key::AccountId, "111122223333"),
        (Key::Profile, "dev"),
        (Key::RoleArn, ROLE),
        (Key::ExternalId, "12345678"),
        (Key::Url(Format::Npm), &npm),
    ]);
    let (said, after) = asked(Some(before.clone()), "\n\n\n\n\n\n\n");
    assert_eq!(after.as_ref(), Some(&before));
    assert!(said.contains("External ID [12345678]: "), "{said}");
    assert!(said.contains("token) [dev]: "), "{said}");

    let (_, after) = asked(Some(before), &format!("-\n\n-\n-\n\n{go}\n"));
    let expected = written(&[
        (Key::AccountId, "111122223333"),
        (Key::Url(Format::Go), &go),
    ]);
    assert_eq!(after, Some(expected));
}

#[test]
fn an_end_of_input_ends_it() {
    for answers in ["", "111122223333\n", "\n\n"] {
        let (said, after) = asked(None, answers);
        assert!(said.ends_with("Repository URL: "), "{said}");
        assert_eq!(after, None);
    }
}
