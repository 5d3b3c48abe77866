//! The fleet from event to event: helpers ask their store, mint, wait for each other, are refused, try again. The rules
//! are those of `codeartifact-auth` (`lib.rs`, `cache/single_flight.rs`, `mint/call.rs`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use codeartifact_auth::token::Freshness;
use fastrand::Rng;

use crate::plan::{Kept, Plan};
use crate::service::Service;
use crate::store::Store;

/// Microseconds since the fleet began.
pub(crate) type Moment = u64;
pub(crate) const MICROSECONDS: Moment = 1_000_000;
const MILLISECONDS: Moment = 1_000;

/// Two hops before the token is asked for, at 40 ms a round trip.
const HOPS: Moment = 200 * MILLISECONDS;
/// How long one waits for another's turn, tries to mint, and tries to replace a token that is still valid.
const TURN: Moment = 14 * MICROSECONDS;
const RUN: Moment = 28 * MICROSECONDS;
const REFRESH: Moment = 5 * MICROSECONDS;
const FIRST_PAUSE: Moment = 300 * MILLISECONDS;
const LONGEST_PAUSE: Moment = 8 * MICROSECONDS;

#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) asked: u32,
    pub(crate) refused: u32,
    pub(crate) tokens: u32,
    pub(crate) busiest_second: u32,
    pub(crate) failed_jobs: usize,
    waits: Vec<Moment>,
}

impl Outcome {
    /// Seconds that so many of 100 helpers waited at most.
    pub(crate) fn waited(&self, percent: usize) -> f64 {
        let place = (self.waits.len() * percent / 100).max(1) - 1;
        let wait = self.waits.get(place).copied().unwrap_or_default();
        wait as f64 / MICROSECONDS as f64
    }
}

/// One call of a helper.
#[derive(Clone)]
struct Helper {
    job: usize,
    store: usize,
    asked: Moment,
    attempts: u32,
    /// It has a valid token in hand and wants a younger one.
    has_older: bool,
    has_turn: bool,
    done: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Asks(usize),
    /// The request reaches the service.
    Mints(usize),
    /// It has waited long enough for the others.
    TurnIsLate(usize),
}

struct Fleet<'a> {
    plan: &'a Plan,
    random: Rng,
    service: Service,
    stores: Vec<Store>,
    helpers: Vec<Helper>,
    events: BinaryHeap<Reverse<(Moment, Event)>>,
    seconds: BTreeMap<u64, u32>,
    failed: BTreeSet<usize>,
    outcome: Outcome,
}

pub(crate) fn run(plan: &Plan) -> Outcome {
    let mut fleet = Fleet::assemble(plan);
    while let Some(Reverse((now, event))) = fleet.events.pop() {
        match event {
            Event::Asks(helper) => fleet.asks(helper, now),
            Event::Mints(helper) => fleet.mints(helper, now),
            Event::TurnIsLate(helper) => fleet.turn_is_late(helper, now),
        }
    }
    fleet.outcome.waits.sort_unstable();
    fleet.outcome.failed_jobs = fleet.failed.len();
    fleet.outcome.busiest_second = fleet.seconds.values().copied().max().unwrap_or_default();
    fleet.outcome
}

impl<'a> Fleet<'a> {
    fn assemble(plan: &'a Plan) -> Self {
        let mut fleet = Self {
            plan,
            random: Rng::with_seed(1),
            service: Service::new(),
            stores: Vec::new(),
            helpers: Vec::new(),
            events: BinaryHeap::new(),
            seconds: BTreeMap::new(),
            failed: BTreeSet::new(),
            outcome: Outcome::default(),
        };
        for wave in 0..plan.waves {
            for job in 0..plan.jobs {
                fleet.start(wave, job);
            }
        }
        let most = fleet.helpers.iter().map(|helper| helper.store).max();
        for _ in 0..=most.unwrap_or_default() {
            let earlier = fleet.random.u64(0..=plan.jitter_seconds);
            fleet.stores.push(Store::new(earlier));
        }
        fleet
    }

    /// A job and its helpers, spread over its time.
    fn start(&mut self, wave: usize, job: usize) {
        let start = self.random.u64(0..self.plan.window_seconds * MICROSECONDS);
        let start = start + wave as u64 * self.plan.between_waves_seconds * MICROSECONDS;
        for call in 0..self.plan.helpers {
            let number = self.helpers.len();
            let run = wave * self.plan.jobs + job;
            let pause = self.plan.job_seconds * MICROSECONDS / self.plan.helpers as u64;
            let asked = start + call as u64 * pause;
            self.helpers.push(Helper {
                job: run,
                store: match self.plan.kept {
                    Kept::Shared => 0,
                    Kept::Replicas(replicas) => run % replicas,
                    Kept::PerHost(jobs) => job / jobs,
                    Kept::PerJob => run,
                    Kept::Nowhere => number,
                },
                asked,
                attempts: 0,
                has_older: false,
                has_turn: false,
                done: false,
            });
            self.at(asked, Event::Asks(number));
        }
    }

    fn at(&mut self, moment: Moment, event: Event) {
        self.events.push(Reverse((moment, event)));
    }

    fn asks(&mut self, number: usize, now: Moment) {
        let helper = &mut self.helpers[number];
        let store = &mut self.stores[helper.store];
        match store.freshness(now) {
            Freshness::Fresh => self.finish(number, now, true),
            Freshness::Stale if !store.may_refresh(now) => self.finish(number, now, true),
            Freshness::Expired if store.taken => {
                store.waiting.push(number);
                self.at(now + TURN, Event::TurnIsLate(number));
            }
            age => {
                store.taken = true;
                helper.has_turn = true;
                helper.has_older = age == Freshness::Stale;
                self.at(now + HOPS, Event::Mints(number));
            }
        }
    }

    fn mints(&mut self, number: usize, now: Moment) {
        *self.seconds.entry(now / MICROSECONDS).or_default() += 1;
        self.outcome.asked += 1;
        let store = self.helpers[number].store;
        if self.service.admits(now) {
            self.outcome.tokens += 1;
            self.stores[store].keep(now);
            self.end_turn(number, now);
            return self.finish(number, now, true);
        }
        self.outcome.refused += 1;
        match self.next_attempt(number, now) {
            Some(moment) => self.at(moment, Event::Mints(number)),
            None => {
                self.stores[store].failed(now);
                self.end_turn(number, now);
                self.finish(number, now, self.helpers[number].has_older);
            }
        }
    }

    /// As `mint/call.rs` pauses: a random part of a time that doubles, up to a limit.
    fn next_attempt(&mut self, number: usize, now: Moment) -> Option<Moment> {
        let helper = &mut self.helpers[number];
        helper.attempts += 1;
        let longest = (FIRST_PAUSE << (helper.attempts - 1).min(16)).min(LONGEST_PAUSE);
        let moment = now + self.random.u64(0..longest);
        let limit = if helper.has_older { REFRESH } else { RUN };
        let in_time = moment < helper.asked + limit;
        (helper.attempts < self.plan.attempts && in_time).then_some(moment)
    }

    /// Those who waited take what there is now; where there is nothing, each goes on alone.
    fn end_turn(&mut self, number: usize, now: Moment) {
        if !self.helpers[number].has_turn {
            return;
        }
        let store = &mut self.stores[self.helpers[number].store];
        store.taken = false;
        let waiting = std::mem::take(&mut store.waiting);
        let is_kept = store.freshness(now) != Freshness::Expired;
        for waiter in waiting {
            if is_kept {
                self.finish(waiter, now, true);
            } else {
                self.goes_alone(waiter, now);
            }
        }
    }

    fn turn_is_late(&mut self, number: usize, now: Moment) {
        let store = &mut self.stores[self.helpers[number].store];
        if let Some(place) = store.waiting.iter().position(|it| *it == number) {
            store.waiting.swap_remove(place);
            self.goes_alone(number, now);
        }
    }

    fn goes_alone(&mut self, number: usize, now: Moment) {
        if !self.helpers[number].done {
            self.at(now + HOPS, Event::Mints(number));
        }
    }

    fn finish(&mut self, number: usize, now: Moment, served: bool) {
        let helper = &mut self.helpers[number];
        helper.done = true;
        self.outcome.waits.push(now - helper.asked);
        if !served {
            self.failed.insert(helper.job);
        }
    }
}

#[cfg(test)]
mod tests;
