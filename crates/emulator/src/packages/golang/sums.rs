//! The lines of go.sum for a module version (golang.org/x/mod/sumdb/dirhash, `Hash1`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::super::tree::SourceFile;

/// `files` are those in the module's zip, sorted by path.
pub(super) fn lines(module: &str, version: &str, files: &[SourceFile], go_mod: &str) -> String {
    let paths = files.iter().map(|file| {
        let path = format!("{module}@{version}/{}", file.path);
        (path, file.bytes.as_slice())
    });
    let zip = hash1(paths);
    let go_mod = hash1([("go.mod".to_owned(), go_mod.as_bytes())]);
    format!("{module} {version} {zip}\n{module} {version}/go.mod {go_mod}\n")
}

fn hash1<'a>(files: impl IntoIterator<Item = (String, &'a [u8])>) -> String {
    let mut summary = Sha256::new();
    for (path, bytes) in files {
        let hash = hex::encode(Sha256::digest(bytes));
        summary.update(format!("{hash}  {path}\n"));
    }
    format!("h1:{}", STANDARD.encode(summary.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `sha256sum | sha256sum | xxd -r -p | base64` says it.
    #[test]
    fn sums_of_a_module() {
        let files = [
            SourceFile::new("a.go", "package a\n"),
            SourceFile::new("go.mod", "m\n"),
        ];
        let lines = lines("example.com/a", "v1.0.0", &files, "m\n");
        assert_eq!(
            lines,
            "example.com/a v1.0.0 h1:Ga3LXaKv5CMSspA7/d/xdL/WL2SCp+YGhrmUiPwjYLI=\n\
             example.com/a v1.0.0/go.mod h1:Qo7+FobCiqSVfSsVkN4upcOyLt/RWmsH6cWyHkkIPO4=\n"
        );
    }
}
