//! Files of gigabytes pass through with flat memory, whole, resumed and in parts. The emulator makes them while it sends them.

use codeartifact_end_to_end::fixture::PYPI;

use super::*;

/// The largest that CodeArtifact takes, unless its quota is raised.
const LARGEST: u64 = 5_000_000_000;

/// Memory that a longer download may take beside a shorter one: what the allocator gives back late.
const MORE: u64 = 4 << 20;

#[test]
fn a_file_passes_whole_resumed_and_in_parts() {
    passes(300 << 20);
}

/// About half a minute with the programs of a release.
#[test]
#[ignore = "sends 6 GB"]
fn the_largest_file_passes_with_flat_memory() {
    passes(LARGEST);
}

fn passes(size: u64) {
    let platform = Platform::new();
    let fault = format!(r#"{{"fault": "large", "action": "asset", "bytes": {size}}}"#);
    platform.emulator.fault(&fault);
    let file = format!("{PYPI}my-package/1.0.0/my_package-1.0.0-py3-none-any.whl");
    let seen = platform.probe(
        &["--others", "refuse"],
        "large.py",
        &format!("{file} {size}"),
    );
    let number = |name: &str| seen[name].as_u64().unwrap();
    let early = (256 << 20).min(size / 4);
    assert_eq!(number("whole"), size, "{seen}");
    assert_eq!(
        [number("broken"), number("resumed"), number("last")],
        [early; 3],
        "{seen}"
    );
    assert_eq!(number("middle"), 1000, "{seen}");
    let memory = |at: usize| seen["memory"][at].as_u64().unwrap();
    assert!(memory(1) <= memory(0) + MORE, "{seen}");
    eprintln!("{size} bytes: {} bytes of memory at most", memory(1));
}
