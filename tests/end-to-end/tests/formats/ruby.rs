//! Bundler 2.3 and gem 3.3, Debian's, through the links of `setup ruby` and by `exec`.

use std::path::Path;

use codeartifact_end_to_end::{Outcome, kept};

use super::*;

/// A developer with Ruby and a Gemfile; none where there is no Bundler.
pub(super) fn with_ruby() -> Option<(Sandbox, Emulator)> {
    if !Path::new("/usr/bin/bundle").exists() {
        eprintln!("skipped: Bundler is not installed (apt-get install ruby ruby-bundler)");
        return None;
    }
    let (mut sandbox, emulator) = developer("ruby");
    for program in ["ruby", "bundle", "gem"] {
        sandbox.link(program, &Path::new("/usr/bin").join(program));
    }
    sandbox.set("BUNDLE_PATH", sandbox.path("gems").display().to_string());
    sandbox.set("BUNDLE_RETRY", "0");
    write_gemfile(&sandbox, "my-gem");
    Some((sandbox, emulator))
}

fn write_gemfile(sandbox: &Sandbox, gem: &str) {
    let text = format!("source \"{}\"\ngem \"{gem}\"\n", url("ruby"));
    sandbox.write("work/Gemfile", &text);
}

/// The links, and PATH with them.
pub(super) fn setup(sandbox: &mut Sandbox) {
    let told = sandbox.run("codeartifact", &["setup", "ruby", "--no-test"]);
    let _ = told.succeeded();
    let path = format!(
        "{}:{}",
        sandbox
            .path("home/.local/share/codeartifact/shims")
            .display(),
        sandbox.path("bin").display()
    );
    sandbox.set("PATH", path);
}

pub(super) fn linked(sandbox: &Sandbox, program: &str, arguments: &[&str]) -> Outcome {
    let link = sandbox
        .path("home/.local/share/codeartifact/shims")
        .join(program);
    sandbox.run(&link.display().to_string(), arguments)
}

fn forget_gems(sandbox: &Sandbox) {
    for folder in ["gems", "home/.bundle"] {
        let _ = std::fs::remove_dir_all(sandbox.path(folder));
    }
}

#[test]
fn install_through_the_link() {
    let Some((mut sandbox, emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    let _ = linked(&sandbox, "bundle", &["install"]).succeeded();
    let journal = assert_mints(&emulator, 1);
    assert!(!journal.of("ruby:file").is_empty(), "{journal:#?}");
    let lock = sandbox.read("work/Gemfile.lock");
    assert!(
        lock.contains("my-gem (1.1.0)") && !lock.contains('@'),
        "{lock}"
    );
    let again = sandbox
        .run("codeartifact", &["setup", "ruby", "acme"])
        .succeeded();
    assert!(
        again.stdout.contains("asks my-repo with our token"),
        "{again:?}"
    );
}

/// What `bundle exec` starts has no token.
#[test]
fn a_token_is_for_bundler_alone() {
    let Some((mut sandbox, emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    let _ = linked(&sandbox, "bundle", &["install"]).succeeded();
    let print = ["exec", "ruby", "-e", "puts ENV.keys.grep(/BUNDLE_MY/)"];
    let said = linked(&sandbox, "bundle", &print).succeeded();
    assert_eq!(said.stdout, "");
    assert_mints(&emulator, 1);
}

#[test]
fn a_gem_is_pushed_and_installed() {
    let Some((mut sandbox, emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    sandbox.write(
        "work/other.gemspec",
        "Gem::Specification.new { |it| it.name = 'other'; it.version = '1.0.0'; it.summary = 'x'; it.authors = ['x']; \
         it.files = [] }\n",
    );
    let _ = linked(&sandbox, "gem", &["build", "other.gemspec"]).succeeded();
    assert_eq!(emulator.journal().mints(), 0, "to build asks no server");
    let push = ["push", "other-1.0.0.gem", "--host", &url("ruby")];
    let _ = linked(&sandbox, "gem", &push).succeeded();
    write_gemfile(&sandbox, "other");
    let _ = linked(&sandbox, "bundle", &["install"]).succeeded();
    let journal = assert_mints(&emulator, 1);
    let pushed = journal.of("ruby:publish");
    assert!(
        pushed.iter().any(|it| it.status == Some(200)),
        "{pushed:#?}"
    );
}

#[test]
fn exec_sets_the_variable_of_the_host() {
    let Some((sandbox, emulator)) = with_ruby() else {
        return;
    };
    let _ = sandbox
        .run("codeartifact", &["exec", "--", "bundle", "install"])
        .succeeded();
    assert_mints(&emulator, 1);
}

#[test]
fn a_token_that_ages_is_replaced() {
    let Some((mut sandbox, emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    let _ = linked(&sandbox, "bundle", &["install"]).succeeded();
    kept::age(&sandbox, 12 * 3600);
    forget_gems(&sandbox);
    let _ = linked(&sandbox, "bundle", &["install"]).succeeded();
    assert_mints(&emulator, 2);
}

#[test]
fn failure_is_told_and_bundler_runs_all_the_same() {
    let Some((mut sandbox, _emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    sandbox.set("AWS_SECRET_ACCESS_KEY", "another");
    let failed = linked(&sandbox, "bundle", &["install"]).failed();
    let _ = failed.says(&["codeartifact-ruby: ", "hint: "]);
    let version = linked(&sandbox, "bundle", &["--version"]).succeeded();
    assert!(version.stdout.starts_with("Bundler version"), "{version:?}");
}

#[test]
fn undo_removes_the_links() {
    let Some((mut sandbox, _emulator)) = with_ruby() else {
        return;
    };
    setup(&mut sandbox);
    let _ = sandbox
        .run("codeartifact", &["setup", "ruby", "--undo"])
        .succeeded();
    assert!(
        !sandbox
            .path("home/.local/share/codeartifact/shims/bundle")
            .exists()
    );
}
