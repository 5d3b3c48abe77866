//! The emulated AWS: a scenario, and everything that changes while it runs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use crate::clock::{self, Clock, Seconds};
use crate::credentials::KeyStore;
use crate::domain::DomainId;
use crate::faults::Faults;
use crate::iam::Context;
use crate::journal::Journal;
use crate::principal::Principal;
use crate::quotas::Quotas;
use crate::scenario::{self, Scenario};
use crate::sign_ins::SignIns;
use crate::signin::session::LoginSession;
use crate::tokens::Tokens;

/// A device shows another code after so long.
const CODE_CHANGES: Seconds = 30;

pub(crate) struct Emulator {
    pub(crate) scenario: Scenario,
    pub(crate) clock: Clock,
    pub(crate) keys: KeyStore,
    pub(crate) tokens: Tokens,
    pub(crate) sign_ins: SignIns,
    pub(crate) login_session: LoginSession,
    pub(crate) faults: Faults,
    pub(crate) quotas: Quotas,
    pub(crate) journal: Journal,
    /// Serial numbers of second factors, and when the code of each was used.
    used_codes: RefCell<HashMap<String, Seconds>>,
    /// The latest token of the instance metadata service.
    pub(crate) metadata_token: RefCell<Option<String>>,
}

impl Emulator {
    pub(crate) fn new(scenario: Scenario, journal: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            clock: Clock::default(),
            keys: KeyStore::new(&scenario),
            tokens: Tokens::default(),
            sign_ins: SignIns::default(),
            login_session: LoginSession::default(),
            faults: Faults::new(scenario.faults.clone()),
            quotas: Quotas::default(),
            journal: Journal::create(journal)?,
            used_codes: RefCell::default(),
            metadata_token: RefCell::default(),
            scenario,
        })
    }

    /// The scenario's domain of that name, owner and Region.
    pub(crate) fn domain(&self, domain: &DomainId) -> Option<&scenario::ScenarioDomain> {
        self.scenario
            .domain(&domain.owner, &domain.region, &domain.name)
    }

    /// Takes the code of a second factor; false if it was used less than half a minute ago.
    pub(crate) fn use_code(&self, serial_number: &str) -> bool {
        let now = self.clock.now();
        let mut used = self.used_codes.borrow_mut();
        let before = used.get(serial_number).copied();
        let is_fresh = before.is_none_or(|at| now - at >= CODE_CHANGES);
        if is_fresh {
            used.insert(serial_number.to_owned(), now);
        }
        is_fresh
    }

    /// The global condition keys of a request by `principal`.
    pub(crate) fn context(&self, principal: &Principal) -> Context {
        let mut context = principal.context(&self.scenario);
        self.describe_request(&mut context);
        if let Some((issued_at, _)) = principal.period().filter(|_| principal.has_mfa()) {
            let age = self.clock.now() - issued_at;
            context.set("aws:MultiFactorAuthAge", age.to_string());
        }
        context
    }

    /// The global condition keys that every request has.
    pub(crate) fn describe_request(&self, context: &mut Context) {
        let now = self.clock.now();
        context.set("aws:CurrentTime", clock::iso(now));
        context.set("aws:EpochTime", now.to_string());
        context.set("aws:SecureTransport", "true");
        context.set("aws:SourceIp", "127.0.0.1");
    }
}
