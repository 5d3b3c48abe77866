//! The promises of every store.

use std::thread;

use codeartifact_auth::cache::{CacheKey, TokenCache};

use crate::samples::{NOW, key, label, token};

/// Opens the store anew, as another process would.
pub(crate) type Open<'a> = &'a (dyn Fn() -> Box<dyn TokenCache> + Sync);

/// Puts bytes under a key behind the store's back.
pub(crate) type Spoil<'a> = &'a dyn Fn(&CacheKey, &[u8]);

/// Panics at the first broken promise.
pub(crate) fn check(open: Open<'_>, spoil: Spoil<'_>) {
    a_round_trip(open);
    the_last_one_counts(open);
    forgetting(open);
    what_is_no_record_is_a_miss(open, spoil);
    many_at_once(open);
}

fn secret(open: Open<'_>, key: &CacheKey) -> Option<String> {
    let found = open().load(key).unwrap();
    found.map(|token| token.secret.expose().to_owned())
}

fn a_round_trip(open: Open<'_>) {
    for length in [1, 1200, 4096, 8192] {
        let (key, token) = (key("round-trip"), token('r', length));
        open().store(&key, &token, &label()).unwrap();
        let found = open().load(&key).unwrap().unwrap();
        assert_eq!(
            found.secret.expose(),
            token.secret.expose(),
            "{length} characters"
        );
        assert_eq!(
            (found.issued_at, found.expires_at),
            (token.issued_at, token.expires_at)
        );
    }
}

fn the_last_one_counts(open: Open<'_>) {
    let key = key("overwritten");
    for (first, length) in [('a', 4096), ('b', 900), ('c', 2000)] {
        open().store(&key, &token(first, length), &label()).unwrap();
        assert_eq!(
            secret(open, &key).unwrap(),
            token(first, length).secret.expose()
        );
    }
}

fn forgetting(open: Open<'_>) {
    let (gone, other) = (key("forgotten"), key("not-forgotten"));
    open().store(&gone, &token('g', 1200), &label()).unwrap();
    open().store(&other, &token('o', 1200), &label()).unwrap();
    open().forget(&gone).unwrap();
    open().forget(&gone).unwrap();
    assert_eq!(secret(open, &gone), None);
    assert!(
        secret(open, &other).is_some(),
        "another key's token is gone"
    );
}

fn what_is_no_record_is_a_miss(open: Open<'_>, spoil: Spoil<'_>) {
    let (key, other) = (key("spoilt"), key("other"));
    let record = |version: u32, key: &CacheKey| {
        format!(
            r#"{{"v":{version},"key":"{key}","token":"t","issued_at":{NOW},"expires_at":{NOW}}}"#
        )
    };
    let good = record(1, &key);
    spoil(&key, good.as_bytes());
    assert!(
        secret(open, &key).is_some(),
        "the record that the others are made from is good"
    );
    let rows = [
        ("unknown version", record(2, &key).into_bytes()),
        ("torn", good.as_bytes()[..good.len() / 2].to_vec()),
        ("for another key", record(1, &other).into_bytes()),
        ("not text", b"\xff\xfe\x00".to_vec()),
        ("empty", Vec::new()),
    ];
    for (what, bytes) in rows {
        spoil(&key, &bytes);
        assert_eq!(secret(open, &key), None, "{what}");
    }
    open().store(&key, &token('s', 1200), &label()).unwrap();
    assert!(
        secret(open, &key).is_some(),
        "what is no record is written over"
    );
}

fn many_at_once(open: Open<'_>) {
    let work = |first: char| {
        let key = key("shared");
        let store = open();
        for round in 0..10 {
            store
                .store(&key, &token(first, 1200 + round), &label())
                .unwrap();
            let found = store.load(&key).unwrap().unwrap();
            let whole = token(
                found.secret.expose().chars().next().unwrap(),
                found.secret.expose().len(),
            );
            assert_eq!(
                found.secret.expose(),
                whole.secret.expose(),
                "a mixture of two records"
            );
        }
    };
    thread::scope(|scope| {
        for first in ['a', 'b', 'c', 'd'] {
            scope.spawn(move || work(first));
        }
    });
}
