//! A real GNOME Keyring under a session bus of its own: unlocked, locked, absent, stopped, and killed in the middle.
//! Needs the Debian packages dbus and gnome-keyring; says so when they are missing.
//!
//! The bus library reads the process's own variables, so every part that asks the keyring is a process.

use std::fs;
use std::time::{Duration, Instant};

use codeartifact_auth::cache::{self, CacheKey, Stores, TokenCache};
use codeartifact_auth::connection::CacheChoice;
use codeartifact_auth::environment::Environment;
use dbus_secret_service::{EncryptionType, SecretService};
use rustix::process::{Pid, Signal, kill_process};

use crate::child;
use crate::contract;
use crate::samples::{key, label, token};
use crate::session::{KEYRING_PID, Session};

fn open(choice: CacheChoice, environment: &Environment) -> Box<dyn TokenCache> {
    Stores::new(environment).open(choice, environment)
}

fn has_files(environment: &Environment) -> bool {
    let directory = environment
        .runtime_directory()
        .unwrap()
        .join("codeartifact");
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
}

#[test]
fn an_unlocked_keyring_keeps_its_promises() {
    let Some(session) = Session::unlocked("an_unlocked_keyring_keeps_its_promises") else {
        return;
    };
    session.run("unlocked_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn unlocked_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    for choice in [CacheChoice::Keyring, CacheChoice::Auto] {
        contract::check(&|| open(choice, &environment), &spoil);
        assert!(open(choice, &environment).fallback_reason().is_none());
        assert_eq!(
            cache::describe(choice, &environment).why,
            "tokens are kept in this system's keyring"
        );
    }
    assert!(!has_files(&environment), "a file beside the keyring");
    let kept = cache::kept(&environment);
    assert_eq!(kept.unreadable, []);
    assert!(kept.kept.len() >= 4 && kept.kept.iter().all(|kept| kept.store == "keyring"));
    cache::forget(&key("round-trip"), &environment).unwrap();
    assert_eq!(cache::kept(&environment).kept.len(), kept.kept.len() - 1);
    cache::forget_all(&environment).unwrap();
    assert_eq!(cache::kept(&environment).kept, []);
}

/// Entries of the keyring are found by keyring-core's names for service and user.
fn spoil(key: &CacheKey, bytes: &[u8]) {
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    let attributes = [("service", "codeartifact-auth"), ("username", key.as_str())].into();
    let collection = service.get_default_collection().unwrap();
    collection
        .create_item("spoilt", attributes, bytes, true, "text/plain")
        .unwrap();
}

/// GNOME Keyring died of about one in 700 callers whose first call needed it to know them.
#[test]
fn two_thousand_callers_leave_the_keyring_alive() {
    let Some(session) = Session::unlocked("two_thousand_callers_leave_the_keyring_alive") else {
        return;
    };
    session.run("keeping_part");
    session.run("calling_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn calling_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    for call in 0..2000 {
        let found = open(CacheChoice::Keyring, &environment).load(&key("my-domain"));
        assert!(found.unwrap().is_some(), "call {call}");
    }
}

#[test]
fn a_locked_keyring_costs_no_time_and_no_token() {
    let Some(mut session) = Session::unlocked("a_locked_keyring_costs_no_time_and_no_token") else {
        return;
    };
    session.run("keeping_part");
    session.stop_keyring();
    session.start_keyring(None);
    session.run("locked_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn keeping_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    open(CacheChoice::Keyring, &environment)
        .store(&key("my-domain"), &token('k', 1200), &label())
        .unwrap();
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn locked_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    let began = Instant::now();
    let alone = open(CacheChoice::Keyring, &environment)
        .load(&key("my-domain"))
        .unwrap_err();
    assert_eq!(alone.to_string(), "keyring: it is locked");
    assert!(alone.hint.unwrap().starts_with("unlock it"));
    gets_round(&environment, "keyring: it is locked");
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(cache::kept(&environment).unreadable.len(), 1);
    let place = cache::describe(CacheChoice::Auto, &environment);
    assert!(
        place
            .why
            .starts_with("the keyring is locked, so tokens are kept in "),
        "{}",
        place.why
    );
    // A key that the keyring has never had is a miss there, and the file must still be found.
    let other = key("never-in-the-keyring");
    open(CacheChoice::Auto, &environment)
        .store(&other, &token('f', 1200), &label())
        .unwrap();
    assert!(
        open(CacheChoice::Auto, &environment)
            .load(&other)
            .unwrap()
            .is_some()
    );
}

/// The keyring is of no use, for the reason told: the token is kept in a file, by this process and for the next.
fn gets_round(environment: &Environment, why: &str) {
    let store = open(CacheChoice::Auto, environment);
    store
        .store(&key("my-domain"), &token('f', 1200), &label())
        .unwrap();
    assert_eq!(store.fallback_reason().unwrap().to_string(), why);
    assert!(has_files(environment));
    for store in [store, open(CacheChoice::Auto, environment)] {
        let found = store.load(&key("my-domain")).unwrap().unwrap();
        assert!(found.secret.expose().starts_with('f'));
    }
}

#[test]
fn a_bus_without_a_keyring_is_nothing_to_tell_of() {
    let Some(session) = Session::start("a_bus_without_a_keyring_is_nothing_to_tell_of") else {
        return;
    };
    session.run("absent_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn absent_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    let store = open(CacheChoice::Auto, &environment);
    store
        .store(&key("my-domain"), &token('f', 1200), &label())
        .unwrap();
    assert!(store.load(&key("my-domain")).unwrap().is_some());
    assert_eq!(store.fallback_reason(), None);
    assert!(has_files(&environment));
    assert_eq!(cache::kept(&environment).unreadable, []);
    cache::forget_all(&environment).unwrap();
    let place = cache::describe(CacheChoice::Auto, &environment);
    assert!(
        place
            .why
            .starts_with("no keyring on the session bus, so tokens are kept in "),
        "{}",
        place.why
    );
}

#[test]
fn a_keyring_that_does_not_answer_costs_two_seconds_once() {
    let Some(session) = Session::unlocked("a_keyring_that_does_not_answer_costs_two_seconds_once")
    else {
        return;
    };
    kill_process(session.pid().unwrap(), Signal::STOP).unwrap();
    session.run("stopped_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn stopped_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    let began = Instant::now();
    let stores = Stores::new(&environment);
    for domain in ["one", "two", "three"] {
        let store = stores.open(CacheChoice::Auto, &environment);
        assert!(store.load(&key(domain)).unwrap().is_none());
        store
            .store(&key(domain), &token('f', 1200), &label())
            .unwrap();
        assert!(store.load(&key(domain)).unwrap().is_some());
        assert_eq!(
            store.fallback_reason().unwrap().to_string(),
            "keyring: it did not answer within 2 s"
        );
    }
    let took = began.elapsed();
    assert!(
        took > Duration::from_millis(1900) && took < Duration::from_secs(6),
        "{took:?}"
    );
}

#[test]
fn a_keyring_killed_in_the_middle_loses_no_answer() {
    let Some(session) = Session::unlocked("a_keyring_killed_in_the_middle_loses_no_answer") else {
        return;
    };
    session.run("killed_part");
}

#[test]
#[ignore = "a part that runs in a process of its own"]
fn killed_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    let store = open(CacheChoice::Auto, &environment);
    store
        .store(&key("my-domain"), &token('k', 1200), &label())
        .unwrap();
    assert!(store.load(&key("my-domain")).unwrap().is_some());
    let pid = environment.text(KEYRING_PID).unwrap().parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    let began = Instant::now();
    assert!(store.load(&key("my-domain")).unwrap().is_none());
    store
        .store(&key("my-domain"), &token('f', 1200), &label())
        .unwrap();
    assert!(store.load(&key("my-domain")).unwrap().is_some());
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    assert!(has_files(&environment));
}
