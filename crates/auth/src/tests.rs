//! The journey with a cache and a minter on which the next failure can be set: who is asked, in which order,
//! and what is served when they fail. Real stores and processes are in `tests/`.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

use super::*;
use crate::cache::{CacheError, Label};
use crate::connection::Configuration;
use crate::error::{Failure, Step, row};
use crate::minter::MintRequest;
use crate::token::{Secret, Timestamp, Token};

const URL: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
const NOW: u64 = 1_800_000_000;
const HOUR: u64 = 3600;

/// Holds one token, and counts what it is asked.
#[derive(Clone, Default)]
struct OneToken(Rc<OneTokenState>);

#[derive(Default)]
struct OneTokenState {
    kept: RefCell<Option<Token>>,
    broken: Cell<bool>,
    loads: Cell<u32>,
}

impl OneToken {
    fn answer<T>(&self, value: T) -> Result<T, CacheError> {
        if self.0.broken.get() {
            Err(CacheError::new("test", "is broken"))
        } else {
            Ok(value)
        }
    }
}

impl TokenCache for OneToken {
    fn load(&self, _key: &CacheKey) -> Result<Option<Token>, CacheError> {
        self.0.loads.set(self.0.loads.get() + 1);
        self.answer(self.0.kept.borrow().clone())
    }

    fn store(&self, _key: &CacheKey, token: &Token, _label: &Label) -> Result<(), CacheError> {
        self.answer(())?;
        *self.0.kept.borrow_mut() = Some(token.clone());
        Ok(())
    }

    fn forget(&self, _key: &CacheKey) -> Result<(), CacheError> {
        self.answer(())?;
        *self.0.kept.borrow_mut() = None;
        Ok(())
    }
}

/// Issues `minted-1`, `minted-2`, …, each living 12 hours.
#[derive(Clone, Default)]
struct Counting(Rc<CountingState>);

#[derive(Default)]
struct CountingState {
    down: Cell<bool>,
    asked: Cell<u32>,
    deadline: Cell<Duration>,
}

impl Minter for Counting {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        self.0.asked.set(self.0.asked.get() + 1);
        self.0.deadline.set(request.deadline);
        if self.0.down.get() {
            return Err(down());
        }
        let text = format!("minted-{}", self.0.asked.get());
        Ok(token(&text, NOW, NOW + 12 * HOUR))
    }
}

fn down() -> Box<Failure> {
    row::SOURCE_SLOW.failure().at(&Step::credentials(), None)
}

fn token(secret: &str, issued_at: u64, expires_at: u64) -> Token {
    Token {
        secret: Secret::new(secret.into()),
        issued_at: Timestamp(issued_at),
        expires_at: Timestamp(expires_at),
    }
}

/// An authenticator with its doubles, in a home of its own.
struct World {
    cache: OneToken,
    minter: Counting,
    environment: Environment,
    endpoint: Endpoint,
    home: tempfile::TempDir,
}

impl World {
    fn holding(kept: Option<Token>) -> Self {
        // In shared memory where there is any, so that turns are taken in it and not in the user's own.
        let home = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let environment = environment(home.path(), NOW);
        let cache = OneToken::default();
        *cache.0.kept.borrow_mut() = kept;
        let endpoint = Endpoint::parse(URL, &Default::default()).unwrap();
        Self {
            cache,
            minter: Counting::default(),
            environment,
            endpoint,
            home,
        }
    }

    fn authenticator(&self) -> Authenticator {
        let cache = self.cache.clone();
        let open =
            Box::new(move |_, _: &Environment| Box::new(cache.clone()) as Box<dyn TokenCache>);
        let minter = Box::new(self.minter.clone());
        Authenticator::assemble(
            Configuration::default(),
            self.environment.clone(),
            open,
            minter,
        )
        .unwrap()
    }

    fn token(&self) -> Result<Answer, Error> {
        self.authenticator().token(&self.endpoint, None)
    }

    fn replace(&self) -> Result<Answer, Error> {
        self.authenticator().replace(&self.endpoint, None)
    }

    fn asked(&self) -> u32 {
        self.minter.0.asked.get()
    }

    fn kept(&self) -> Option<String> {
        self.cache
            .0
            .kept
            .borrow()
            .as_ref()
            .map(|token| token.secret.expose().to_owned())
    }
}

fn environment(home: &Path, now: u64) -> Environment {
    let variables = [("XDG_RUNTIME_DIR", home.to_str().unwrap())];
    Environment::fixed(&variables, home.to_owned(), Timestamp(now))
}

fn fresh() -> Token {
    token("kept", NOW - HOUR, NOW + 11 * HOUR)
}

fn stale() -> Token {
    token("kept", NOW - 11 * HOUR - 60, NOW + HOUR - 60)
}

fn warnings_of(answer: &Answer) -> Vec<String> {
    answer.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn only_a_kept_token_can_have_run_out() {
    let expired = token("kept", NOW - 12 * HOUR, NOW + 30);
    let rows = [
        (None, false),
        (Some(fresh()), false),
        (Some(stale()), false),
        (Some(expired), true),
    ];
    for (kept, expected) in rows {
        let world = World::holding(kept.clone());
        let run_out = world
            .authenticator()
            .has_run_out(&world.endpoint, None)
            .unwrap();
        assert_eq!(run_out, expected, "{kept:?}");
        assert_eq!(world.asked(), 0);
        world.cache.0.broken.set(true);
        assert!(
            !world
                .authenticator()
                .has_run_out(&world.endpoint, None)
                .unwrap()
        );
    }
}

#[test]
fn what_is_kept_and_whether_aws_answers_decide_what_is_served() {
    let expired = token("kept", NOW - 12 * HOUR, NOW + 30);
    let of_another_clock = token("kept", NOW + HOUR, NOW + 2 * HOUR);
    let rows = [
        // kept, AWS down, served, asked, kept afterwards
        (None, false, Some("minted-1"), 1, Some("minted-1")),
        (None, true, None, 1, None),
        (Some(fresh()), false, Some("kept"), 0, Some("kept")),
        (Some(fresh()), true, Some("kept"), 0, Some("kept")),
        (Some(stale()), false, Some("minted-1"), 1, Some("minted-1")),
        (Some(stale()), true, Some("kept"), 1, Some("kept")),
        (
            Some(expired.clone()),
            false,
            Some("minted-1"),
            1,
            Some("minted-1"),
        ),
        (Some(expired), true, None, 1, Some("kept")),
        (
            Some(of_another_clock.clone()),
            false,
            Some("minted-1"),
            1,
            Some("minted-1"),
        ),
        (Some(of_another_clock), true, None, 1, Some("kept")),
    ];
    for (kept, down, served, asked, kept_afterwards) in rows {
        let what = format!("{kept:?}, down {down}");
        let world = World::holding(kept);
        world.minter.0.down.set(down);
        let answer = world.token().ok();
        let secret = answer.as_ref().map(|answer| answer.token.secret.expose());
        assert_eq!((secret, world.asked()), (served, asked), "{what}");
        assert_eq!(world.kept().as_deref(), kept_afterwards, "{what}");
    }
}

#[test]
fn a_warm_answer_is_one_load_and_nothing_else() {
    let world = World::holding(Some(fresh()));
    world.token().unwrap();
    assert_eq!((world.cache.0.loads.get(), world.asked()), (1, 0));
    assert!(
        std::fs::read_dir(world.home.path())
            .unwrap()
            .next()
            .is_none(),
        "it left something behind"
    );
}

#[test]
fn after_a_failed_refresh_no_process_tries_again_for_a_minute() {
    let mut world = World::holding(Some(stale()));
    world.minter.0.down.set(true);
    let first = world.token().unwrap();
    assert_eq!(
        warnings_of(&first),
        [format!(
            "no new token, so the older one is used while it lasts: {}",
            down()
        )]
    );
    assert!(warnings_of(&world.token().unwrap()).is_empty());
    assert_eq!(world.asked(), 1);
    world.environment = environment(world.home.path(), NOW + 60);
    world.token().unwrap();
    assert_eq!(world.asked(), 2);
}

#[test]
fn a_refresh_is_given_less_time_than_a_first_mint() {
    for (kept, least, most) in [(None, 20, 28), (Some(stale()), 5, 5)] {
        let world = World::holding(kept);
        world.token().unwrap();
        let deadline = world.minter.0.deadline.get().as_secs_f64();
        assert!(
            deadline >= f64::from(least) && deadline <= f64::from(most),
            "{deadline}"
        );
    }
}

#[test]
fn a_broken_cache_costs_a_mint_and_is_told_once() {
    let world = World::holding(Some(fresh()));
    world.cache.0.broken.set(true);
    let answer = world.token().unwrap();
    assert_eq!(answer.token.secret.expose(), "minted-1");
    assert_eq!(
        warnings_of(&answer),
        ["tokens may not be kept: test: is broken"]
    );
}

#[test]
fn a_token_of_another_clock_is_told_of() {
    let world = World::holding(Some(token("kept", NOW + HOUR, NOW + 2 * HOUR)));
    assert_eq!(
        warnings_of(&world.token().unwrap()),
        [
            "a kept token was not used: it is of 2027-01-15T09:00:00Z until 2027-01-15T10:00:00Z, \
          and here it is 2027-01-15T08:00:00Z"
        ]
    );
}

#[test]
fn cached_never_asks() {
    let rows = [
        (None, None),
        (Some(fresh()), Some("kept")),
        (Some(stale()), Some("kept")),
    ];
    for (kept, expected) in rows {
        let world = World::holding(kept);
        let answer = world.authenticator().cached(&world.endpoint, None).unwrap();
        assert_eq!(
            answer
                .map(|answer| answer.token.secret.expose().to_owned())
                .as_deref(),
            expected
        );
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn a_refused_token_is_replaced_once() {
    let world = World::holding(Some(fresh()));
    assert_eq!(world.replace().unwrap().token.secret.expose(), "minted-1");
    // Issued this very second: it cannot be the one that was refused.
    assert_eq!(world.replace().unwrap().token.secret.expose(), "minted-1");
    assert_eq!(world.asked(), 1);
}

#[test]
fn a_refused_token_is_gone_even_if_there_is_no_new_one() {
    let world = World::holding(Some(fresh()));
    world.minter.0.down.set(true);
    assert!(world.replace().is_err());
    assert_eq!(world.kept(), None);
}

#[test]
fn forgetting_makes_no_call() {
    let world = World::holding(Some(fresh()));
    let warnings = world.authenticator().forget(&world.endpoint, None).unwrap();
    assert!(warnings.is_empty() && world.kept().is_none() && world.asked() == 0);
}

#[test]
fn a_url_of_others_is_no_endpoint() {
    let world = World::holding(None);
    let error = world
        .authenticator()
        .endpoint("https://packages.example.org/simple/")
        .unwrap_err();
    assert_eq!(error.exit(), error::Exit::Nothing);
}
