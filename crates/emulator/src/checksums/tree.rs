//! The log's Merkle tree (RFC 6962) and its tiles (golang.org/x/mod/sumdb/tlog). It knows nothing about modules.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

/// Levels of the tree in a tile, as go asks for it.
const HEIGHT: u32 = 8;

pub(super) struct Tree {
    leaves: Vec<Hash>,
}

impl Tree {
    pub(super) fn new(records: &[String]) -> Self {
        let leaf = |record: &String| hash(&[&[0], record.as_bytes()]);
        Self {
            leaves: records.iter().map(leaf).collect(),
        }
    }

    /// The text that is signed.
    pub(super) fn description(&self) -> String {
        let root = STANDARD.encode(root(&self.leaves));
        format!("go.sum database tree\n{}\n{root}\n", self.leaves.len())
    }

    /// The hashes of `HEIGHT/LEVEL/INDEX`, or of the first so many of `HEIGHT/LEVEL/INDEX.p/WIDTH`.
    pub(super) fn tile(&self, path: &str) -> Option<Vec<u8>> {
        let full = 1 << HEIGHT;
        let (path, width) = match path.split_once(".p/") {
            Some((path, width)) => (path, width.parse().ok().filter(|width| *width < full)?),
            None => (path, full),
        };
        let mut numbers = path.strip_prefix(&format!("{HEIGHT}/"))?.split('/');
        let level: u32 = numbers.next()?.parse().ok()?;
        let index = numbers.try_fold(0_usize, thousands)?;
        self.hashes(HEIGHT.checked_mul(level)?, index.checked_mul(full)?, width)
    }

    fn hashes(&self, level: u32, first: usize, width: usize) -> Option<Vec<u8>> {
        let complete = self.leaves.len().checked_shr(level)?;
        let end = first.checked_add(width).filter(|end| *end <= complete)?;
        Some((first..end).flat_map(|n| self.complete(level, n)).collect())
    }

    /// The n-th of the subtrees that have all of their 2^level leaves.
    fn complete(&self, level: u32, n: usize) -> Hash {
        let size = 1 << level;
        root(&self.leaves[n * size..(n + 1) * size])
    }
}

/// `x001/234` is 1234.
fn thousands(number: usize, digits: &str) -> Option<usize> {
    let digits: usize = digits.trim_start_matches('x').parse().ok()?;
    number.checked_mul(1000)?.checked_add(digits)
}

fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            hash(&[&[1], &root(left), &root(right)])
        }
    }
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree that the implementers of RFC 6962 test with, and its roots after so many leaves.
    #[test]
    fn roots() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let leaves = leaves.map(|leaf| hash(&[&[0], &hex::decode(leaf).unwrap()]));
        for (number, expected) in [
            (
                0,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ] {
            assert_eq!(hex::encode(root(&leaves[..number])), expected, "{number}");
        }
    }

    #[test]
    fn tiles() {
        let records: Vec<_> = (0..600).map(|number| number.to_string()).collect();
        let tree = Tree::new(&records);
        let rows = [
            ("8/0/000", Some(256)),
            ("8/0/001", Some(256)),
            ("8/0/002.p/88", Some(88)),
            ("8/0/002.p/89", None),
            ("8/0/002", None),
            ("8/0/000.p/256", None),
            ("8/1/000.p/2", Some(2)),
            ("8/1/000.p/3", None),
            ("8/2/000.p/1", None),
            ("8/99/000.p/1", None),
            ("8/0/x001/000.p/1", None),
            ("8/0/x999/x999/x999/x999/x999/x999/x999/999", None),
            ("4/0/000", None),
            ("8/data/000", None),
            ("", None),
        ];
        for (path, expected) in rows {
            let hashes = tree.tile(path).map(|hashes| hashes.len() / 32);
            assert_eq!(hashes, expected, "{path}");
        }
        let upper = tree.tile("8/1/000.p/2").unwrap();
        assert_eq!(upper[..32], root(&tree.leaves[..256]));
    }
}
