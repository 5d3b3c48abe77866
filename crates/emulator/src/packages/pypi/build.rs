//! Wheels and source distributions from a source tree, for pure Python. Runs no build backend: a tree that has one of
//! its own gets it run by the installer of its source distribution.

use anyhow::bail;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::super::archive;
use super::super::tree::SourceFile;
use super::distribution::Distribution;
use super::project::{DistributionKind, Project};

/// Everything that the project asks for.
pub(super) fn all(project: &Project, files: &[SourceFile]) -> anyhow::Result<Vec<Distribution>> {
    let make = |kind: &DistributionKind| match kind {
        DistributionKind::Wheel => wheel(project, files),
        DistributionKind::Sdist => sdist(project, files),
    };
    project.distributions.iter().map(make).collect()
}

fn wheel(project: &Project, files: &[SourceFile]) -> anyhow::Result<Distribution> {
    let info = format!("{}.dist-info", project.stem());
    let mut contents: Vec<SourceFile> = files.iter().filter_map(module).collect();
    if contents.is_empty() {
        bail!("has no modules to make a wheel of");
    }
    contents.push(SourceFile::new(
        format!("{info}/METADATA"),
        project.metadata(),
    ));
    contents.push(SourceFile::new(format!("{info}/WHEEL"), "Wheel-Version: 1.0\nGenerator: codeartifact-emulator\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
    if !project.scripts.is_empty() {
        contents.push(SourceFile::new(
            format!("{info}/entry_points.txt"),
            entry_points(project),
        ));
    }
    contents.push(record(&contents, &format!("{info}/RECORD")));
    Distribution::new(
        &format!("{}-py3-none-any.whl", project.stem()),
        archive::zip("", &contents)?,
    )
}

fn sdist(project: &Project, files: &[SourceFile]) -> anyhow::Result<Distribution> {
    let copy = |file: &SourceFile| SourceFile::new(file.path.clone(), file.bytes.clone());
    let mut contents: Vec<SourceFile> = files.iter().map(copy).collect();
    contents.push(SourceFile::new("PKG-INFO", project.metadata()));
    Distribution::new(
        &format!("{}.tar.gz", project.stem()),
        archive::tar_gz(&project.stem(), &contents)?,
    )
}

/// A file's path in the wheel: packages and modules, below `src/` or not; nothing else from the root.
fn module(file: &SourceFile) -> Option<SourceFile> {
    let path = file.path.strip_prefix("src/").unwrap_or(&file.path);
    let belongs = path.contains('/') || path.ends_with(".py") && path != "setup.py";
    belongs.then(|| SourceFile::new(path, file.bytes.clone()))
}

fn entry_points(project: &Project) -> String {
    let lines = project
        .scripts
        .iter()
        .map(|(name, target)| format!("{name} = {target}\n"));
    format!("[console_scripts]\n{}", lines.collect::<String>())
}

/// The digests of all other files; of itself it has none.
fn record(files: &[SourceFile], path: &str) -> SourceFile {
    let line = |file: &SourceFile| {
        format!(
            "{},sha256={},{}\n",
            file.path,
            URL_SAFE_NO_PAD.encode(Sha256::digest(&file.bytes)),
            file.bytes.len()
        )
    };
    SourceFile::new(
        path,
        files.iter().map(line).collect::<String>() + &format!("{path},,\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::tree::testing::folder;
    use super::*;

    const PYPROJECT: &str = "[project]\nname = \"a\"\nversion = \"1.0\"\n[project.scripts]\ngreet = \"a:main\"\n\
        [tool.codeartifact-emulator]\ndistributions = [\"wheel\", \"sdist\"]\n";

    fn build() -> Vec<Distribution> {
        let files = [
            ("1.0/pyproject.toml", PYPROJECT),
            ("1.0/src/a/__init__.py", ""),
            ("1.0/b.py", "b = 1\n"),
            ("1.0/setup.py", ""),
        ];
        let (_keep, folder) = folder(&files);
        let version = folder.folders().unwrap().remove(0);
        all(
            &Project::read("a", &version).unwrap(),
            &version.files().unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_wheel_records_what_is_in_it() {
        let wheel = &build()[0];
        assert_eq!(wheel.file, "a-1.0-py3-none-any.whl");
        let text = |name: &str| archive::text_in_zip(&wheel.bytes, |path| path == name).unwrap();
        let record = text("a-1.0.dist-info/RECORD");
        let paths: Vec<_> = record
            .lines()
            .map(|line| line.split(',').next().unwrap())
            .collect();
        let info = ["METADATA", "WHEEL", "entry_points.txt", "RECORD"]
            .map(|file| format!("a-1.0.dist-info/{file}"));
        assert_eq!(
            paths,
            [
                ["b.py", "a/__init__.py"].as_slice(),
                &info.each_ref().map(String::as_str)
            ]
            .concat()
        );
        assert!(
            record.contains("a/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"),
            "{record}"
        );
        assert_eq!(
            text("a-1.0.dist-info/entry_points.txt"),
            "[console_scripts]\ngreet = a:main\n"
        );
    }

    #[test]
    fn a_source_distribution_holds_the_whole_tree() {
        let sdist = &build()[1];
        assert_eq!(sdist.file, "a-1.0.tar.gz");
        for file in [
            "pyproject.toml",
            "src/a/__init__.py",
            "setup.py",
            "PKG-INFO",
        ] {
            assert!(
                archive::text_in_tar_gz(&sdist.bytes, |path| path == format!("a-1.0/{file}"))
                    .is_ok(),
                "{file}"
            );
        }
    }
}
