//! Sign-ins by device code that are under way: registered clients, codes, and what a person answered in the
//! browser. The calls that begin and end one are in `sso`.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::clock::Seconds;
use crate::random;

/// The life of a code, as AWS's answers say.
pub(crate) const LIFETIME: Seconds = 600;

#[derive(Default)]
pub(crate) struct SignIns {
    clients: RefCell<HashMap<String, Client>>,
    /// By device code.
    pending: RefCell<HashMap<String, SignIn>>,
}

/// A registered client.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// It asked for scopes, and then gets a refresh token.
    pub(crate) refreshes: bool,
}

/// One sign-in that a person is asked to confirm.
#[derive(Clone)]
pub(crate) struct SignIn {
    pub(crate) device_code: String,
    pub(crate) user_code: String,
    pub(crate) client_id: String,
    pub(crate) expires_at: Seconds,
    /// The person's answer, once there is one.
    pub(crate) approved: Option<bool>,
}

impl SignIns {
    pub(crate) fn register(&self, refreshes: bool) -> Client {
        let client = Client {
            id: random::base64url(22),
            secret: random::base64url(64),
            refreshes,
        };
        let mut clients = self.clients.borrow_mut();
        clients.insert(client.id.clone(), client.clone());
        client
    }

    pub(crate) fn client(&self, id: &str, secret: &str) -> Option<Client> {
        let clients = self.clients.borrow();
        clients
            .get(id)
            .filter(|client| client.secret == secret)
            .cloned()
    }

    pub(crate) fn begin(&self, client: &Client, now: Seconds, approved: Option<bool>) -> SignIn {
        let letters = random::key_id("");
        let sign_in = SignIn {
            device_code: random::base64url(86),
            user_code: format!("{}-{}", &letters[..4], &letters[4..8]),
            client_id: client.id.clone(),
            expires_at: now + LIFETIME,
            approved,
        };
        let mut pending = self.pending.borrow_mut();
        pending.insert(sign_in.device_code.clone(), sign_in.clone());
        sign_in
    }

    pub(crate) fn find(&self, device_code: &str) -> Option<SignIn> {
        self.pending.borrow().get(device_code).cloned()
    }

    /// A code is good for one token.
    pub(crate) fn end(&self, device_code: &str) {
        self.pending.borrow_mut().remove(device_code);
    }

    /// The person's answer, for one user code or for all that wait; tells how many there were.
    pub(crate) fn answer(&self, user_code: Option<&str>, approved: bool) -> usize {
        let mut pending = self.pending.borrow_mut();
        let asked = pending
            .values_mut()
            .filter(|sign_in| user_code.is_none_or(|code| code == sign_in.user_code));
        asked
            .map(|sign_in| sign_in.approved = Some(approved))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_waits_for_its_answer() {
        let sign_ins = SignIns::default();
        let client = sign_ins.register(true);
        assert!(sign_ins.client(&client.id, &client.secret).is_some());
        assert!(sign_ins.client(&client.id, "wrong").is_none());
        let sign_in = sign_ins.begin(&client, 0, None);
        let approved = || sign_ins.find(&sign_in.device_code).unwrap().approved;
        assert_eq!(sign_ins.answer(Some("ABCD-EFGH"), true), 0);
        assert_eq!(approved(), None);
        assert_eq!(sign_ins.answer(Some(&sign_in.user_code), true), 1);
        assert_eq!(approved(), Some(true));
        assert_eq!(sign_ins.answer(None, false), 1);
        assert_eq!(approved(), Some(false));
        sign_ins.end(&sign_in.device_code);
        assert!(sign_ins.find(&sign_in.device_code).is_none());
    }
}
