//! A connection while its values come in: what is in the file, what changes, and the remarks about that.

use codeartifact_auth::connection::{GUESSABLE_ID, Key};
use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts};
use codeartifact_auth::error::Failure;

use crate::config_file::{Change, Value, Written};

use crate::words;

/// A connection that is not saved yet.
pub(super) struct Draft<'a> {
    before: Option<Written>,
    /// The connection with the changes made.
    now: Written,
    hosts: &'a MappedHosts,
    changes: Vec<Change>,
    remarks: Vec<String>,
    has_generated_id: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(before: Option<Written>, hosts: &'a MappedHosts) -> Self {
        Self {
            now: before.clone().unwrap_or_default(),
            before,
            hosts,
            changes: Vec::new(),
            remarks: Vec::new(),
            has_generated_id: false,
        }
    }

    /// The present value.
    pub(super) fn text(&self, key: Key) -> Option<&str> {
        self.now.text(key)
    }

    /// The account whose domains it reads, as far as anything says it.
    pub(super) fn owner(&self) -> Option<&str> {
        let of_role = || self.text(Key::RoleArn)?.split(':').nth(4);
        self.text(Key::AccountId).or_else(of_role)
    }

    /// The Region of the URLs that it has.
    pub(super) fn region(&self) -> Option<String> {
        let mut endpoints = self.urls().filter_map(|url| self.endpoint(url));
        endpoints.next().map(|endpoint| endpoint.domain.region)
    }

    pub(super) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Tells whether `key` was given before anything was asked.
    pub(super) fn is_given(&self, key: Key) -> bool {
        self.changes.iter().any(|(changed, _)| *changed == key)
    }

    pub(super) fn has_url(&self) -> bool {
        self.urls().next().is_some()
    }

    /// Tells whether it has all that a connection needs.
    pub(super) fn is_whole(&self) -> bool {
        self.has_url() && self.now.has(Key::AccountId)
    }

    fn urls(&self) -> impl Iterator<Item = &str> {
        let keys = Format::ALL.into_iter().map(Key::Url);
        keys.filter_map(|key| self.text(key))
    }

    fn endpoint(&self, url: &str) -> Option<Endpoint> {
        Endpoint::parse(url, self.hosts).ok()
    }

    /// Takes the account from the first URL that has one, unless the account is known.
    pub(super) fn account_from(&mut self, values: &[(Key, &str)]) {
        let is_given = values.iter().any(|(key, _)| *key == Key::AccountId);
        if is_given || self.now.has(Key::AccountId) {
            return;
        }
        let urls = values.iter().filter(|(key, _)| matches!(key, Key::Url(_)));
        let mut endpoints = urls.filter_map(|(_, url)| self.endpoint(url));
        if let Some(endpoint) = endpoints.next() {
            self.put(Key::AccountId, Some(Value::Text(endpoint.domain.owner)));
        }
    }

    /// Takes a value if it is right; an empty one removes the key.
    pub(super) fn set(&mut self, key: Key, text: &str) -> Result<(), Box<Failure>> {
        if text.trim().is_empty() {
            self.remove(key);
            return Ok(());
        }
        let account_id = self.text(Key::AccountId).unwrap_or_default();
        let checked = key.check(text, account_id, self.hosts)?;
        if let Key::Url(format) = key
            && checked != text.trim()
        {
            self.remark(format!(
                "the {format} URL is saved as its clients need it: {checked}"
            ));
        }
        if key == Key::ExternalId && checked.len() < GUESSABLE_ID {
            self.remark(format!(
                "the external id has {} characters: AWS takes 2 and more, but one of fewer than {GUESSABLE_ID} can be \
                 guessed. Keep it only for a role that asks for it already",
                checked.len()
            ));
        }
        match key {
            Key::Profile if self.now.has(Key::Source) => self.remove(Key::Source),
            Key::Source if self.now.has(Key::Profile) => self.remove(Key::Profile),
            _ => {}
        }
        self.put(key, Some(Value::Text(checked)));
        Ok(())
    }

    /// Takes a repository's URL that was given in any place: its account, unless that is known, and itself under its
    /// format. `None` if the text is no URL of CodeArtifact.
    pub(super) fn take_url(&mut self, text: &str) -> Option<Result<(), String>> {
        let endpoint = self.endpoint(text.trim())?;
        if !self.now.has(Key::AccountId) {
            let account_id = endpoint.domain.owner.clone();
            self.put(Key::AccountId, Some(Value::Text(account_id)));
        }
        let Some(place) = &endpoint.place else {
            return Some(Err(format!(
                "{} names no repository: add /npm/REPOSITORY/ or the like",
                endpoint.root()
            )));
        };
        let set = self.set(Key::Url(place.format), text);
        Some(set.map_err(|problem| problem.to_string()))
    }

    /// The roles before the connection's own, if it says that itself.
    pub(super) fn via(&self) -> Option<&Vec<String>> {
        self.now.list(Key::Via)
    }

    /// The same as an answer: an empty list says that there are none, whatever `[defaults]` says.
    pub(super) fn choose_via(&mut self, roles: &[String]) -> Result<(), Box<Failure>> {
        let checked = roles
            .iter()
            .map(|text| Key::Via.check(text, "", self.hosts));
        let roles: Vec<_> = checked.collect::<Result<_, _>>()?;
        self.put(Key::Via, Some(Value::List(roles)));
        Ok(())
    }

    /// Takes the roles before the connection's own; empty ones alone remove the key.
    pub(super) fn set_via(&mut self, given: &[String]) -> Result<(), Box<Failure>> {
        let given = given.iter().filter(|text| !text.trim().is_empty());
        let checked = given.map(|text| Key::Via.check(text, "", self.hosts));
        let roles: Vec<_> = checked.collect::<Result<_, _>>()?;
        self.put(Key::Via, (!roles.is_empty()).then_some(Value::List(roles)));
        Ok(())
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.put(key, None);
    }

    /// A role that is new to the connection gets an external id, unless the user has decided about that.
    pub(super) fn lacks_external_id(&self) -> bool {
        let before = self.before.as_ref();
        let had_role = before.is_some_and(|before| before.has(Key::RoleArn));
        let is_decided = self.now.has(Key::ExternalId) || self.is_given(Key::ExternalId);
        self.now.has(Key::RoleArn) && !had_role && !is_decided
    }

    pub(super) fn generated(&mut self, external_id: String) {
        self.put(Key::ExternalId, Some(Value::Text(external_id)));
        self.has_generated_id = true;
    }

    pub(super) fn generated_external_id(&self) -> Option<&str> {
        self.text(Key::ExternalId).filter(|_| self.has_generated_id)
    }

    /// The role, if it is another one than before.
    pub(super) fn new_role(&self) -> Option<&str> {
        let before = self.before.as_ref();
        let before = before.and_then(|before| before.text(Key::RoleArn));
        self.text(Key::RoleArn).filter(|role| Some(*role) != before)
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    pub(super) fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    pub(super) fn remarks(&self) -> String {
        words::messages(&self.remarks)
    }

    fn put(&mut self, key: Key, value: Option<Value>) {
        let change = (key, value);
        self.now = self.now.after(std::slice::from_ref(&change));
        self.changes.retain(|(changed, _)| *changed != key);
        self.changes.push(change);
        // A new connection is written in the order of its keys, whatever the order in which they became known.
        self.changes.sort_by_key(|(key, _)| *key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";

    #[test]
    fn the_account_comes_from_a_url_unless_it_is_said() {
        let npm = format!("{HOST}/npm/my-repo/");
        let rows = [
            (
                vec![(Key::Url(Format::Npm), npm.as_str())],
                Some("111122223333"),
            ),
            (
                vec![
                    (Key::AccountId, "444455556666"),
                    (Key::Url(Format::Npm), npm.as_str()),
                ],
                None,
            ),
            (vec![(Key::Url(Format::Npm), "nonsense")], None),
            (vec![(Key::Profile, npm.as_str())], None),
        ];
        for (values, account) in rows {
            let hosts = MappedHosts::new();
            let mut draft = Draft::new(None, &hosts);
            draft.account_from(&values);
            assert_eq!(draft.text(Key::AccountId), account, "{values:?}");
        }
    }

    #[test]
    fn owner_and_region_come_from_account_role_and_urls() {
        let npm = format!("{HOST}/npm/my-repo/");
        let rows: [(&[(Key, &str)], _, _); 3] = [
            (&[], None, None),
            (&[(Key::RoleArn, ROLE)], Some("111122223333"), None),
            (
                &[
                    (Key::AccountId, "111122223333"),
                    (Key::Url(Format::Npm), &npm),
                ],
                Some("111122223333"),
                Some("us-east-1"),
            ),
        ];
        for (values, owner, region) in rows {
            let hosts = MappedHosts::new();
            let mut draft = Draft::new(None, &hosts);
            for (key, text) in values {
                draft.set(*key, text).unwrap();
            }
            assert_eq!(draft.owner(), owner, "{values:?}");
            assert_eq!(draft.region().as_deref(), region, "{values:?}");
        }
    }

    #[test]
    fn a_corrected_url_is_remarked_on_and_a_right_one_is_not() {
        let hosts = MappedHosts::new();
        let mut draft = Draft::new(None, &hosts);
        draft.set(Key::AccountId, "111122223333").unwrap();
        draft
            .set(Key::Url(Format::Npm), &format!("{HOST}/npm/my-repo/"))
            .unwrap();
        assert_eq!(draft.remarks(), "");
        draft
            .set(Key::Url(Format::Pypi), &format!("{HOST}/pypi/my-repo/"))
            .unwrap();
        assert_eq!(
            draft.remarks(),
            format!(
                "codeartifact: the pypi URL is saved as its clients need it: {HOST}/pypi/my-repo/simple/\n"
            )
        );
    }

    type Given = &'static [(Key, &'static str)];

    #[test]
    fn only_a_new_role_without_a_decision_gets_an_external_id() {
        let with_role = Written::default().after(&[(Key::RoleArn, Some(Value::Text(ROLE.into())))]);
        let rows: [(Option<Written>, Given, bool); 5] = [
            (None, &[(Key::RoleArn, ROLE)], true),
            (None, &[], false),
            (
                None,
                &[(Key::RoleArn, ROLE), (Key::ExternalId, "12345678")],
                false,
            ),
            (None, &[(Key::RoleArn, ROLE), (Key::ExternalId, "")], false),
            (Some(with_role), &[(Key::RoleArn, ROLE)], false),
        ];
        for (before, values, expected) in rows {
            let hosts = MappedHosts::new();
            let mut draft = Draft::new(before, &hosts);
            for (key, text) in values {
                draft.set(*key, text).unwrap();
            }
            assert_eq!(draft.lacks_external_id(), expected, "{values:?}");
        }
    }

    #[test]
    fn roles_before_the_own_one_are_a_list_or_nothing() {
        let hosts = MappedHosts::new();
        let mut draft = Draft::new(None, &hosts);
        draft.set_via(&[ROLE.to_owned()]).unwrap();
        assert_eq!(
            draft.changes(),
            [(Key::Via, Some(Value::List(vec![ROLE.to_owned()])))]
        );
        draft.set_via(&[String::new()]).unwrap();
        assert_eq!(draft.changes(), [(Key::Via, None)]);
        assert!(draft.set_via(&["Reader".to_owned()]).is_err());
    }
}
