//! Taking turns, between threads and between processes.

use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use codeartifact_auth::cache::SingleFlight;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Timestamp;

use crate::child;
use crate::samples::{NOW, environment, key, memory};

/// As long as a mint takes when AWS is quick.
const MINT: Duration = Duration::from_millis(300);

const LONG: Duration = Duration::from_secs(20);

/// A home of the test's own, on the storage that turns are taken on.
struct World {
    home: tempfile::TempDir,
    key: codeartifact_auth::cache::CacheKey,
}

impl World {
    fn new(test: &str) -> Self {
        let home = memory();
        Self {
            home,
            key: key(test),
        }
    }

    fn environment(&self) -> Environment {
        environment(self.home.path(), Some(self.home.path()))
    }

    fn wait(&self, deadline: Duration) -> SingleFlight {
        SingleFlight::wait(&self.key, &self.environment(), deadline)
    }

    fn try_now(&self) -> Option<SingleFlight> {
        SingleFlight::try_now(&self.key, &self.environment())
    }

    fn try_at(&self, now: u64) -> Option<SingleFlight> {
        let variables = [("XDG_RUNTIME_DIR", self.home.path().to_str().unwrap())];
        let environment =
            Environment::fixed(&variables, self.home.path().to_owned(), Timestamp(now));
        SingleFlight::try_now(&self.key, &environment)
    }
}

#[test]
fn of_many_at_once_one_mints() {
    let world = World::new("many");
    let (minted, kept, start) = (AtomicU32::new(0), AtomicU32::new(0), Barrier::new(50));
    let journey = || {
        start.wait();
        let _turn = world.wait(LONG);
        if kept.load(Ordering::SeqCst) == 0 {
            thread::sleep(MINT);
            minted.fetch_add(1, Ordering::SeqCst);
            kept.store(1, Ordering::SeqCst);
        }
    };
    thread::scope(|scope| (0..50).for_each(|_| drop(scope.spawn(journey))));
    assert_eq!(minted.into_inner(), 1);
}

#[test]
fn those_behind_a_failure_do_not_queue() {
    let world = World::new("failing");
    let start = Barrier::new(50);
    let journey = || {
        start.wait();
        let turn = world.wait(LONG);
        thread::sleep(MINT);
        turn.failed();
    };
    let began = Instant::now();
    thread::scope(|scope| (0..50).for_each(|_| drop(scope.spawn(journey))));
    // One mint, and one more for all others at once; one after the other it would be fifty.
    assert!(began.elapsed() < MINT * 8, "{:?}", began.elapsed());
}

#[test]
fn a_turn_is_not_waited_for_beyond_the_deadline() {
    let world = World::new("deadline");
    let _held = world.wait(LONG);
    let began = Instant::now();
    let _alone = world.wait(MINT);
    let took = began.elapsed();
    assert!(took >= MINT && took < MINT * 5, "{took:?}");
}

#[test]
fn a_refresh_is_one_process_s_and_pauses_after_a_failure() {
    let world = World::new("refresh");
    let held = world.try_now().unwrap();
    assert!(world.try_now().is_none(), "two refresh at once");
    drop(held);
    world.try_now().unwrap().failed();
    let rows = [
        // seconds after the failure, whether a process may try
        (0, false),
        (59, false),
        (60, true),
        (3600, true),
    ];
    for (after, may_try) in rows {
        // Given back without a note, so that the next row finds the same.
        let turn = world.try_at(NOW + after);
        assert_eq!(turn.is_some(), may_try, "{after} s");
    }
    assert!(
        world.try_at(NOW - 3600).is_some(),
        "a failure of another clock holds nobody up"
    );
}

#[test]
fn a_first_mint_is_tried_in_spite_of_an_earlier_failure() {
    let world = World::new("cold");
    world.wait(LONG).failed();
    let began = Instant::now();
    let turn = world.wait(LONG);
    assert!(began.elapsed() < MINT);
    assert!(world.try_at(NOW + 3600).is_none(), "it had no lock");
    drop(turn);
}

#[test]
fn without_a_file_in_the_locks_place_everybody_goes_alone() {
    let world = World::new("nowhere");
    let folder = world.home.path().join("codeartifact");
    drop(world.wait(LONG));
    let lock = folder.join(format!("{}.lock", world.key));
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let environment = environment(Path::new("/proc"), Some(world.home.path()));
    let began = Instant::now();
    let _first = SingleFlight::wait(&world.key, &environment, LONG);
    let _second = SingleFlight::wait(&world.key, &environment, LONG);
    assert!(SingleFlight::try_now(&world.key, &environment).is_some());
    assert!(began.elapsed() < MINT);
}

#[test]
fn a_killed_holder_holds_nobody_up() {
    let world = World::new("killed");
    let mut holder = hold("turns::holding_part", world.home.path());
    wait_until(|| world.try_at(NOW + 3600).is_none());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let _turn = world.wait(LONG);
            Instant::now()
        });
        thread::sleep(MINT);
        assert!(!waiting.is_finished(), "it did not wait");
        let killed = Instant::now();
        holder.kill().unwrap();
        let went_on = waiting.join().unwrap();
        assert!(
            went_on - killed < Duration::from_secs(1),
            "{:?}",
            went_on - killed
        );
    });
    holder.wait().unwrap();
}

#[test]
#[ignore = "the part of a_killed_holder_holds_nobody_up that is killed"]
fn holding_part() {
    let Some(environment) = child::environment() else {
        return;
    };
    let _turn = SingleFlight::wait(&key("killed"), &environment, LONG);
    thread::sleep(LONG);
}

fn hold(part: &str, home: &Path) -> Child {
    let mut command = child::command(part);
    command
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_until(is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(10));
    }
}
