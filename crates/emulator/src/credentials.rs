//! Access keys that the emulated AWS knows: those of the scenario's users, and those of the sessions that
//! were opened since. Whether a signature made with them is right is for `signature`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::clock::Seconds;
use crate::principal::Principal;
use crate::random;
use crate::scenario::Scenario;

pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// When they stop working; a fault may set that earlier than the stated expiry.
    pub(crate) expires_at: Option<Seconds>,
    pub(crate) principal: Rc<Principal>,
}

pub(crate) struct KeyStore(RefCell<HashMap<String, Rc<Credentials>>>);

impl KeyStore {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let keys = Self(RefCell::default());
        for (id, account) in &scenario.accounts {
            if let Some(root) = &account.root {
                keys.add(long_term(root, Principal::root(id)));
            }
            for (name, user) in &account.users {
                keys.add(long_term(&user.keys, Principal::user(id, name)));
            }
        }
        keys
    }

    pub(crate) fn find(&self, access_key_id: &str) -> Option<Rc<Credentials>> {
        self.0.borrow().get(access_key_id).cloned()
    }

    /// KeyStore for a new session. With `expire` they end after so many seconds, though the session says otherwise.
    pub(crate) fn open(&self, principal: Principal, expire: Option<Seconds>) -> Rc<Credentials> {
        let expires_at = principal.period().map(|(issued_at, expires_at)| {
            expire.map_or(expires_at, |seconds| issued_at + seconds)
        });
        self.add(Credentials {
            access_key_id: random::key_id("ASIA"),
            secret_access_key: random::base64(30),
            session_token: Some(random::base64(510)),
            expires_at,
            principal: Rc::new(principal),
        })
    }

    fn add(&self, credentials: Credentials) -> Rc<Credentials> {
        let credentials = Rc::new(credentials);
        self.0
            .borrow_mut()
            .insert(credentials.access_key_id.clone(), Rc::clone(&credentials));
        credentials
    }
}

impl Credentials {
    /// The end of the session as answers state it.
    pub(crate) fn stated_expiry(&self) -> Seconds {
        self.principal
            .period()
            .map_or(Seconds::MAX, |(_, expires_at)| expires_at)
    }
}

fn long_term(keys: &crate::scenario::KeyPair, principal: Principal) -> Credentials {
    Credentials {
        access_key_id: keys.access_key_id.clone(),
        secret_access_key: keys.secret_access_key.clone(),
        session_token: None,
        expires_at: None,
        principal: Rc::new(principal),
    }
}
