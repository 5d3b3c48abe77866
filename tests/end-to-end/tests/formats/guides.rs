//! Machines and projects that followed AWS's guides before: what these left there, and what ours makes of it.

use std::path::Path;

use codeartifact_end_to_end::Outcome;

use super::*;

/// The command of AWS's guide on Cargo.
const PROVIDER: &str = "cargo:token-from-stdout aws codeartifact get-authorization-token --domain my-domain \
    --domain-owner 111122223333 --region us-east-1 --query authorizationToken --output text";

const USER: &str = "home/.cargo/config.toml";
const PROJECT: &str = "work/.cargo/config.toml";

/// A developer whose crate needs a private one, from the registry `acme` or instead of crates.io.
fn with_cargo(replaces: bool) -> (Sandbox, Emulator) {
    let (sandbox, emulator) = developer("cargo");
    let toolchain = Path::new(env!("CARGO")).parent().unwrap();
    for program in ["cargo", "rustc"] {
        sandbox.link(program, &toolchain.join(program));
    }
    let registry = if replaces {
        ""
    } else {
        ", registry = \"acme\""
    };
    let manifest = format!(
        "[package]\nname = \"my-library\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n\
         [dependencies]\nmy-crate = {{ version = \"1\"{registry} }}\n"
    );
    sandbox.write("work/Cargo.toml", &manifest);
    sandbox.write("work/src/lib.rs", "");
    (sandbox, emulator)
}

/// The registry as AWS's guide has it.
fn registry(name: &str, provider: &str) -> String {
    let index = url("cargo");
    format!("[registries.{name}]\nindex = \"sparse+{index}\"\n{provider}\n")
}

fn replaced(source: &str) -> String {
    format!("{source}[source.crates-io]\nreplace-with = \"mine\"\n")
}

fn setup(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let words = [&["setup", "cargo", "acme"], more].concat();
    sandbox.run("codeartifact", &words)
}

#[test]
fn cargos_command_of_the_user_is_replaced_and_comes_back() {
    let (sandbox, emulator) = with_cargo(false);
    let before = registry("acme", &format!("credential-provider = \"{PROVIDER}\""));
    sandbox.write(USER, &before);
    let _ = setup(&sandbox, &[]).succeeded();
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    assert_mints(&emulator, 1);
    let _ = setup(&sandbox, &["--undo"]).succeeded();
    assert_eq!(sandbox.read(USER), before);
}

/// cargo takes the nearest file's, so ours would never be asked.
#[test]
fn cargos_command_of_the_project_is_told_and_replaced_there() {
    let (sandbox, emulator) = with_cargo(false);
    let project = registry("acme", &format!("credential-provider = \"{PROVIDER}\""));
    sandbox.write(PROJECT, &project);
    let refused = setup(&sandbox, &[]).exited(3);
    let _ = refused.says(&[
        "another credential provider for acme",
        "config.toml:3",
        "--project",
    ]);
    assert!(!sandbox.path(USER).exists());
    let _ = setup(&sandbox, &["--project"]).succeeded();
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    assert_mints(&emulator, 1);
}

/// The registry keeps its name: cargo takes no two with one index. Other projects are not troubled by it.
#[test]
fn cargos_registry_of_another_name_gets_the_provider() {
    for more in [&[] as &[&str], &["--project"], &["--global"]] {
        let (sandbox, emulator) = with_cargo(true);
        sandbox.write(PROJECT, &replaced(&registry("mine", "")));
        let told = setup(&sandbox, more).succeeded();
        assert!(told.stdout.contains("with our token"), "{told:?}");
        let _ = sandbox.run("cargo", &["build"]).succeeded();
        assert_mints(&emulator, 1);
        sandbox.write("other/Cargo.toml", &sandbox.read("work/Cargo.toml"));
        sandbox.write("other/src/lib.rs", "");
        let other = ["metadata", "--no-deps", "--manifest-path"];
        let manifest = sandbox.path("other/Cargo.toml").display().to_string();
        let _ = sandbox
            .run("cargo", &[&other[..], &[&manifest]].concat())
            .succeeded();
        let _ = setup(&sandbox, &[more, &["--undo"]].concat()).succeeded();
        assert_eq!(sandbox.read(PROJECT), replaced(&registry("mine", "")));
    }
}

#[test]
fn cargo_by_exec_whatever_the_project_says() {
    let words = PROVIDER.split_whitespace().collect::<Vec<_>>();
    let index = url("cargo");
    let rows = [
        (
            registry("acme", &format!("credential-provider = \"{PROVIDER}\"")),
            false,
        ),
        (
            registry("acme", &format!("credential-provider = {words:?}")),
            false,
        ),
        (replaced(&registry("mine", "")), true),
        (
            replaced(&format!("[source.mine]\nregistry = \"sparse+{index}\"\n")),
            true,
        ),
    ];
    for (project, replaces) in rows {
        let (sandbox, emulator) = with_cargo(replaces);
        sandbox.write(PROJECT, &project);
        let built = sandbox.run("codeartifact", &["exec", "--", "cargo", "build"]);
        let _ = built.succeeded();
        assert_mints(&emulator, 1);
    }
}

/// The user's and the project's settings of Bundler.
const BUNDLE: [&str; 2] = ["home/.bundle/config", "work/.bundle/config"];

/// `bundle config URL aws:TOKEN` of AWS's guide, months ago, or the same for the host.
#[test]
fn bundlers_old_login_gives_way_or_is_told() {
    let key = HOST.to_uppercase().replace('.', "__").replace('-', "___");
    let by_url = format!("BUNDLE_HTTPS://{key}/RUBY/MY___REPO/");
    for key in [format!("BUNDLE_{key}"), by_url.clone()] {
        for file in BUNDLE {
            let Some((mut sandbox, emulator)) = ruby::with_ruby() else {
                return;
            };
            ruby::setup(&mut sandbox);
            sandbox.write(file, &format!("---\n{key}: \"aws:old\"\n"));
            let doctor = || sandbox.run("codeartifact", &["doctor", "ruby"]);
            let install = || ruby::linked(&sandbox, "bundle", &["install"]);
            if file == BUNDLE[1] && key == by_url {
                let _ = install().failed();
                let told = doctor().failed().stdout;
                assert!(told.contains("work/.bundle/config:2"), "{told}");
                let unset = format!("bundle config unset --local {}", url("ruby"));
                assert!(told.contains(&unset), "{told}");
                let _ = sandbox.run("sh", &["-c", &unset]).succeeded();
            }
            let _ = install().succeeded();
            assert_mints(&emulator, 1);
            let _ = doctor().succeeded();
        }
    }
}

/// `gem sources --add https://aws:TOKEN@…` of AWS's guide, and what remains of it without the token.
#[test]
fn gems_sources_get_a_token_whatever_login_they_have() {
    let old = url("ruby").replace("https://", "https://aws:old@");
    let listed = |url: &str| format!("---\n:sources:\n- {url}\n:verbose: true\n");
    let install = ["install", "my-gem", "--install-dir", "installed"];
    let plain = url("ruby");
    let source = ["--source", plain.as_str()];
    for (gemrc, more) in [
        (listed(&old), &[][..]),
        (listed(&plain), &[]),
        (String::new(), &source),
    ] {
        let Some((mut sandbox, emulator)) = ruby::with_ruby() else {
            return;
        };
        ruby::setup(&mut sandbox);
        sandbox.write("home/.gemrc", &gemrc);
        let _ = ruby::linked(&sandbox, "gem", &[&install, more].concat()).succeeded();
        assert_mints(&emulator, 1);
        if more.is_empty() {
            let exec = ["exec", "--", "/usr/bin/gem"];
            let _ = sandbox
                .run("codeartifact", &[&exec, &install[..]].concat())
                .succeeded();
        }
        assert!(sandbox.path("work/installed/gems/my-gem-1.1.0").is_dir());
        assert_eq!(sandbox.read("home/.gemrc"), gemrc);
    }
}
