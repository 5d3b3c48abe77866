//! The indexes that `gem install` reads: every version, and the description of one. Each is in Ruby's Marshal format.
//!
//! Source: `Gem::Indexer` and `Gem::Specification._load` of RubyGems 3.3.

use super::Ruby;
use super::gem::Gem;
use super::marshal::{Value, dump, version};
use crate::packages::archive;

/// The index, or the description, at this path.
pub(super) fn read(ruby: &Ruby, path: &str) -> Option<Vec<u8>> {
    let packed = match path {
        "specs.4.8.gz" => archive::gzip(&index(ruby, |gem| !gem.is_prerelease())),
        "prerelease_specs.4.8.gz" => archive::gzip(&index(ruby, Gem::is_prerelease)),
        "latest_specs.4.8.gz" => archive::gzip(&index(ruby, |gem| is_latest(ruby, gem))),
        _ => {
            let name = path.strip_prefix("quick/Marshal.4.8/")?;
            let name = name.strip_suffix(".gemspec.rz")?;
            let gem = gems(ruby).find(|gem| gem.full_name() == name)?;
            archive::deflate(&dump(&description(gem)))
        }
    };
    packed.ok()
}

fn gems(ruby: &Ruby) -> impl Iterator<Item = &Gem> {
    ruby.gems.values().flat_map(|versions| versions.values())
}

fn is_latest(ruby: &Ruby, gem: &Gem) -> bool {
    let released = ruby.ordered(&gem.name).unwrap_or_default();
    let last = released.into_iter().rfind(|it| !it.is_prerelease());
    last.is_some_and(|last| last.version == gem.version)
}

/// Name, version and platform of each.
fn index(ruby: &Ruby, is_meant: impl Fn(&Gem) -> bool) -> Vec<u8> {
    let gems = gems(ruby).filter(|gem| is_meant(gem));
    let rows = gems.map(|gem| {
        Value::List(vec![
            Value::Text(&gem.name),
            version(&gem.version),
            Value::Text("ruby"),
        ])
    });
    dump(&Value::List(rows.collect()))
}

fn description(gem: &Gem) -> Value<'_> {
    let any = || {
        let least = Value::List(vec![Value::Text(">="), version("0")]);
        let all = Value::List(vec![Value::List(vec![least])]);
        Value::Object("Gem::Requirement", Box::new(all))
    };
    let fields = vec![
        Value::Text("3.3.15"),
        // The version of this layout.
        Value::Number(4),
        Value::Text(&gem.name),
        version(&gem.version),
        Value::Text("2024-01-01"),
        Value::Text(&gem.name),
        any(),
        any(),
        Value::Text("ruby"),
        // Dependencies.
        Value::List(Vec::new()),
        Value::Text(""),
        Value::Nil,
        Value::List(vec![Value::Text("emulator")]),
        Value::Nil,
        Value::Nil,
        Value::Nil,
        Value::Text("ruby"),
        // Licences.
        Value::List(Vec::new()),
        Value::EmptyHash,
    ];
    Value::Loaded("Gem::Specification", dump(&Value::List(fields)))
}
