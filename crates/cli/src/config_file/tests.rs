//! That changing the file loses nothing: neither another process's change, nor the file when something is wrong.

use std::fs;
use std::thread;

use codeartifact_auth::connection::Key;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::token::Timestamp;
use tempfile::TempDir;

use super::*;

const NPM: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

fn home() -> (TempDir, ConfigurationFile) {
    let home = tempfile::tempdir().unwrap();
    let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
    let file = ConfigurationFile::of(&environment).unwrap();
    (home, file)
}

fn whole() -> Vec<Change> {
    vec![
        text(Key::AccountId, "111122223333"),
        text(Key::Url(Format::Npm), NPM),
    ]
}

fn text(key: Key, text: &str) -> Change {
    (key, Some(Value::Text(text.to_owned())))
}

fn names(file: &ConfigurationFile) -> Vec<String> {
    let configuration = file.configuration().unwrap();
    let names = configuration
        .connections()
        .filter_map(|connection| connection.name.clone());
    names.collect()
}

fn write(file: &ConfigurationFile, text: &str) {
    fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    fs::write(file.path(), text).unwrap();
}

#[test]
fn from_nothing_to_one_and_back() {
    let (_home, file) = home();
    assert_eq!(file.written("acme"), Ok(None));
    file.change("acme", &whole()).unwrap();
    assert_eq!(names(&file), ["acme"]);
    let written = file.written("acme").unwrap().unwrap();
    assert_eq!(written.text(Key::Url(Format::Npm)), Some(NPM));
    file.remove("acme").unwrap();
    assert_eq!(names(&file), [""; 0]);
}

#[test]
fn many_at_once_lose_nothing() {
    let (_home, file) = home();
    let expected: Vec<_> = (10..40)
        .map(|number| format!("customer-{number}"))
        .collect();
    thread::scope(|scope| {
        for name in &expected {
            scope.spawn(|| file.change(name, &whole()).unwrap());
        }
    });
    assert_eq!(names(&file), expected);
}

#[test]
fn what_would_be_wrong_is_not_written() {
    let (_home, file) = home();
    let rows = [
        (
            vec![text(Key::AccountId, "111122223333")],
            "there is no repository URL",
        ),
        (
            vec![text(Key::Url(Format::Npm), NPM)],
            "account_id is missing",
        ),
        (
            [whole(), vec![text(Key::ExternalId, "12345678")]].concat(),
            "goes with role_arn, which is missing",
        ),
    ];
    for (changes, reason) in rows {
        let error = file.change("acme", &changes).unwrap_err();
        let expected = format!("connection `acme` is not saved: {reason}");
        assert_eq!(error.to_string(), expected);
        assert!(!file.path().exists());
    }
}

#[test]
fn a_wrong_file_is_left_as_it_is_but_a_wrong_connection_can_be_removed() {
    let (_home, file) = home();
    let wrong = "[connections.broken]\nnmp = 'x'\n";
    write(&file, wrong);
    let error = file.change("acme", &whole()).unwrap_err().to_string();
    assert!(
        error.ends_with("line 2, column 1: connections.broken.nmp: there is no such key"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(file.path()).unwrap(), wrong);
    file.remove("broken").unwrap();
    assert_eq!(fs::read_to_string(file.path()).unwrap(), "");
}

#[test]
fn the_nearest_of_a_missing_name_is_shown() {
    let (_home, file) = home();
    file.change("acme", &whole()).unwrap();
    let error = file.remove("acmee").unwrap_err();
    assert_eq!(error.to_string(), "there is no connection named `acmee`");
    assert_eq!(error.hint(), Some("did you mean `acme`?"));
}

#[test]
fn another_holder_of_the_lock_is_waited_for() {
    let (_home, file) = home();
    let lock = file.lock().unwrap();
    let waiting = {
        let file = file.clone();
        thread::spawn(move || file.change("acme", &whole()))
    };
    thread::sleep(Duration::from_millis(40));
    assert!(!waiting.is_finished() && !file.path().exists());
    drop(lock);
    waiting.join().unwrap().unwrap();
    assert_eq!(names(&file), ["acme"]);
}

#[cfg(unix)]
#[test]
fn it_is_for_our_eyes_only_and_a_link_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let (home, file) = home();
    let dotfiles = home.path().join("dotfiles.toml");
    fs::write(&dotfiles, "# mine\n").unwrap();
    fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    symlink(&dotfiles, file.path()).unwrap();
    file.change("acme", &whole()).unwrap();

    let mode = |path: &std::path::PathBuf| {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode(&dotfiles), 0o600);
    assert!(fs::symlink_metadata(file.path()).unwrap().is_symlink());
    let text = fs::read_to_string(&dotfiles).unwrap();
    assert!(text.starts_with("# mine\n\n[connections.acme]\n"), "{text}");
    let mut left: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, [".config", ".dotfiles.toml.lock", "dotfiles.toml"]);
}
