//! No crate of ours is one that RustSec's database warns of, as far as the pinned list knows. A job of every week asks the
//! whole database of that day (`.github/workflows/advisories.yml`).

use semver::{Version, VersionReq};

const LIST: &str = include_str!("../../../../.ci/advisories.txt");
const LOCK: &str = include_str!("../../../../Cargo.lock");

struct Advisory {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    /// Versions that it does not concern.
    safe: Vec<VersionReq>,
}

impl Advisory {
    fn read(line: &'static str) -> Self {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (id, name, kind) = (next(), next(), next());
        let safe = next().split("||").map(str::trim);
        let safe = safe.filter(|text| !text.is_empty());
        Self {
            id,
            name,
            kind,
            safe: safe.map(|text| VersionReq::parse(text).unwrap()).collect(),
        }
    }

    fn concerns(&self, name: &str, version: &Version) -> bool {
        self.name == name && !self.safe.iter().any(|safe| safe.matches(version))
    }
}

/// Name and version of every package in `Cargo.lock`.
fn packages() -> Vec<(&'static str, Version)> {
    let value = |line: &'static str, key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        rest.strip_suffix('"')
    };
    let mut name = "";
    let mut found = Vec::new();
    for line in LOCK.lines() {
        name = value(line, "name").unwrap_or(name);
        if let Some(version) = value(line, "version") {
            found.push((name, Version::parse(version).unwrap()));
        }
    }
    found
}

#[test]
fn no_crate_has_an_advisory() {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    let advisories: Vec<_> = lines.map(Advisory::read).collect();
    let packages = packages();
    assert!(advisories.len() > 50 && packages.len() > 200);
    let concerned = packages.iter().flat_map(|(name, version)| {
        let found = advisories.iter().filter(|it| it.concerns(name, version));
        found.map(move |it| format!("{} ({}) concerns {name} {version}", it.id, it.kind))
    });
    assert_eq!(concerned.collect::<Vec<_>>(), [] as [String; 0]);
    // The check above can fail.
    let old = Version::new(0, 17, 9);
    assert!(advisories.iter().any(|it| it.concerns("ring", &old)));
}
