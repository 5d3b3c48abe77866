//! When a token is minted for go: once on a cold cache, never on a warm one, once more when it is refused.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use codeartifact_end_to_end::fixture::GO;
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox, kept};

use super::*;

/// A token that is refused counts as used by then.
pub(crate) const AN_HOUR: u64 = 3600;

#[test]
fn cold_parallel_download_mints_once() {
    with_each_go(|sandbox, emulator| {
        let _ = download_many(&sandbox).succeeded();
        let journal = emulator.journal();
        assert_eq!(journal.of("go:zip").len(), 20, "{journal:#?}");
        assert_eq!(journal.mints(), 1);
        assert_tokens_presented(&journal, 1);
        journal.all_answered("go", &[200, 302]);
    });
}

#[test]
fn warm_download_sends_the_token_from_the_start_and_asks_no_aws() {
    with_each_go(|sandbox, emulator| {
        token(&sandbox, GO);
        let before = emulator.journal().0.len();
        let _ = download_many(&sandbox).succeeded();
        let journal = emulator.journal().after(before);
        assert_tokens_presented(&journal, 1);
        assert!(journal.aws().is_empty(), "{:#?}", journal.aws());
        journal.all_answered("go", &[200, 302]);
    });
}

#[test]
fn parallel_builds_mint_once() {
    let (sandbox, emulator) = developer();
    let modules = numbered();
    let builds: Vec<_> = modules
        .chunks(4)
        .enumerate()
        .map(|(number, some)| start(&sandbox, number, some))
        .collect();
    for build in builds {
        let _ = Outcome::from(build.wait_with_output().unwrap()).succeeded();
    }
    let journal = emulator.journal();
    assert_eq!(journal.of("go:zip").len(), 20);
    assert_eq!(journal.mints(), 1);
    assert_eq!(
        journal.aws().len(),
        3,
        "nobody began in vain: {:#?}",
        journal.aws()
    );
    assert_tokens_presented(&journal, 1);
}

/// With a module cache of its own: go locks the common one.
fn start(sandbox: &Sandbox, number: usize, modules: &[String]) -> std::process::Child {
    sandbox
        .command("go")
        .args(["mod", "download"])
        .args(modules)
        .env(
            "GOMODCACHE",
            sandbox.path(&format!("home/modules-{number}")),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// AWS ends the token before the time that it told.
#[test]
fn expired_token_between_two_runs() {
    with_each_go(|sandbox, emulator| {
        emulator.fault(
            r#"{"fault":"expire","seconds":4,"action":"codeartifact:GetAuthorizationToken"}"#,
        );
        let _ = download(&sandbox, &[GREETING]).succeeded();
        emulator.recover();
        sleep(Duration::from_secs(5));
        assert_goes_on_with_one_more_mint(&sandbox, &emulator);
    });
}

/// The token ends while go is loading: some of the modules come with the old one, the others with the new one.
#[test]
fn expired_token_in_the_middle_of_a_run() {
    with_each_go(|sandbox, emulator| {
        token(&sandbox, GO);
        kept::age(&sandbox, AN_HOUR);
        emulator.fault(r#"{"fault":"revoke","action":"go:zip","times":1}"#);
        assert_goes_on_with_one_more_mint(&sandbox, &emulator);
        emulator.journal().all_answered("go:info", &[200, 401]);
    });
}

#[test]
fn wrong_token_in_the_cache_is_replaced_once() {
    with_each_go(|sandbox, emulator| {
        token(&sandbox, GO);
        spoil_kept_token(&sandbox);
        assert_goes_on_with_one_more_mint(&sandbox, &emulator);
        let (journal, before) = (emulator.journal(), 1);
        let _ = download(&sandbox, &[WORDS]).succeeded();
        assert_eq!(journal.mints(), before + 1, "the new one is kept");
    });
}

#[test]
fn new_token_that_is_refused_too_ends_the_run() {
    with_each_go(|sandbox, emulator| {
        token(&sandbox, GO);
        spoil_kept_token(&sandbox);
        emulator.fault(r#"{"fault":"revoke","action":"go"}"#);
        let _ = download_many(&sandbox).failed().says(&["401 Unauthorized"]);
        assert_eq!(emulator.journal().mints(), 2, "no loop");
    });
}

/// go calls the helper for every file that is not there; none of these is about the token.
#[test]
fn probes_that_find_nothing_mint_nothing() {
    with_each_go(|sandbox, emulator| {
        write_program(&sandbox, "work");
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting"])
            .succeeded();
        let missing = sandbox.run("go", &["get", "example.com/private/no/such/module"]);
        let _ = missing.failed().says(&["404 Not Found"]);
        let journal = emulator.journal();
        let not_found = journal
            .of("go")
            .iter()
            .filter(|it| it.status == Some(404))
            .count();
        assert!(not_found >= 5, "parent paths were looked for: {journal:#?}");
        assert_eq!(journal.aws().len(), 3);
        assert_tokens_presented(&journal, 1);
    });
}

/// A downloaded module needs no server; a kept token needs no network to be handed out.
#[test]
fn no_network() {
    with_each_go(|sandbox, emulator| {
        write_program(&sandbox, "work");
        let _ = sandbox.run("go", &["get", GREETING]).succeeded();
        let kept = token(&sandbox, GO);
        drop(emulator);
        let run = sandbox.run("go", &["run", "."]).succeeded();
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            ("Hello, Ada!\n", "")
        );
        let answer = sandbox.run("codeartifact-goauth", &[]).succeeded();
        assert_eq!(answer.stdout, answers::credentials(GO, &kept));
    });
}

/// A run in which the kept token turns out to be of no use.
#[track_caller]
fn assert_goes_on_with_one_more_mint(sandbox: &Sandbox, emulator: &Emulator) {
    let before = emulator.journal();
    let _ = download_many(sandbox).succeeded();
    let journal = emulator.journal().after(before.0.len());
    assert_eq!(
        (before.mints(), journal.mints()),
        (1, 1),
        "{:#?}",
        journal.aws()
    );
    assert!(
        journal.of("go").iter().any(|it| it.status == Some(401)),
        "{journal:#?}"
    );
    assert_tokens_presented(&journal, 2);
}

/// Another token takes the place of the kept one, which looks an hour old.
fn spoil_kept_token(sandbox: &Sandbox) {
    kept::spoil(sandbox);
    kept::age(sandbox, AN_HOUR);
}
