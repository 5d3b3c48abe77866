//! Everything that a store can do to us. Each host still gets its own tenant's token, and says once what is wrong.

use std::time::{Duration, Instant};

use super::*;

/// A good token, however the store is.
#[track_caller]
fn served(platform: &Platform, number: usize, said: Option<&str>) -> String {
    let begin = Instant::now();
    let outcome = platform.ask(number, "acme").succeeded();
    assert!(outcome.stdout.starts_with("eyJ"), "{outcome:?}");
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "{:?}",
        begin.elapsed()
    );
    match said {
        None => assert_eq!(outcome.stderr, ""),
        Some(words) => {
            assert_eq!(
                outcome.stderr.matches("cannot be used").count(),
                1,
                "{outcome:?}"
            );
            assert!(
                outcome.stderr.contains(words) && outcome.stderr.contains("hint: "),
                "{outcome:?}"
            );
            assert!(!outcome.stderr.contains(server::PASSWORD), "{outcome:?}");
        }
    }
    outcome.stdout
}

#[test]
fn a_store_that_is_down_costs_a_warning() {
    let Some(mut platform) = Platform::new() else {
        return;
    };
    platform.redis.kill();
    served(
        &platform,
        0,
        Some("that hosts share cannot be used, so AWS was asked"),
    );
    assert_eq!(platform.mints(), 1);
    // The host's own cache needs no store.
    served(&platform, 0, None);
}

#[test]
fn a_store_that_hangs_costs_a_moment() {
    let Some(platform) = Platform::new() else {
        return;
    };
    platform.redis.signal("STOP");
    served(&platform, 0, Some("cannot be used"));
    platform.redis.signal("CONT");
    served(&platform, 1, None);
}

#[test]
fn a_store_that_is_full_keeps_nothing() {
    let Some(platform) = Platform::new() else {
        return;
    };
    platform.redis.admin(&["CONFIG", "SET", "maxmemory", "1"]);
    served(&platform, 0, Some("it answers OOM"));
    platform.redis.admin(&["CONFIG", "SET", "maxmemory", "0"]);
    let token = served(&platform, 1, None);
    assert_eq!(served(&platform, 2, None), token);
    // A token that it evicts is asked for again.
    platform.redis.admin(&["FLUSHALL"]);
    assert_ne!(served(&platform, 3, None), token);
}

#[test]
fn a_store_that_lets_us_do_nothing() {
    let Some(platform) = Platform::new() else {
        return;
    };
    platform.sandbox.write("store/password", "another");
    served(&platform, 0, Some("cannot be used"));
    platform.sandbox.write("store/password", server::PASSWORD);
    platform
        .redis
        .admin(&["ACL", "SETUSER", "codeartifact", "-set"]);
    served(&platform, 1, Some("it answers NOPERM"));
    platform.sandbox.write("store/keys", "nonsense");
    served(&platform, 2, Some("keys: must have lines of a name"));
}

/// Whoever may write to the store can take tokens away, and give nobody another one's.
#[test]
fn what_is_forged_is_nothing() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let acme = platform.ask(0, "acme").succeeded().stdout;
    let name_of_acme = platform.tokens().remove(0);
    let globex = platform.ask(0, "globex").succeeded().stdout;
    let mut names = platform.tokens();
    names.retain(|name| *name != name_of_acme);
    let name_of_globex = names[0].as_str();
    // Another tenant's record, whole.
    platform
        .redis
        .admin(&["COPY", &name_of_acme, name_of_globex, "REPLACE"]);
    let answer = platform.ask(1, "globex").succeeded().stdout;
    assert!(answer != acme && answer != globex, "a new one of its own");
    for nonsense in ["", "1 a short", "2 a x", "{\"token\": \"eyJ\"}"] {
        platform.redis.admin(&["SET", name_of_globex, nonsense]);
        let number = 10 + nonsense.len();
        let answer = platform.ask(number, "globex").succeeded();
        assert!(
            answer.stdout.starts_with("eyJhbGci") && answer.stderr.is_empty(),
            "{answer:?}"
        );
    }
}

/// A host that dies with the lock is not waited for longer than a mint takes.
#[test]
fn a_lock_that_nobody_gives_back_is_outwaited() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let _ = platform.ask(0, "acme").succeeded();
    let name = platform.tokens().remove(0);
    platform.redis.admin(&["DEL", &name]);
    platform.redis.admin(&[
        "SET",
        &format!("{name}:lock"),
        "another host's",
        "PX",
        "30000",
    ]);
    let begin = Instant::now();
    let _ = platform.ask(1, "acme").succeeded();
    let waited = begin.elapsed();
    assert!(
        waited > Duration::from_secs(5) && waited < Duration::from_secs(20),
        "{waited:?}"
    );
    let lock = platform.redis.admin(&["GET", &format!("{name}:lock")]);
    assert_eq!(lock.trim(), "another host's", "it is not ours to give back");
}
