//! A helper and the `codeartifact` beside it: what a helper starts on a miss, and what it says where it cannot.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use codeartifact_end_to_end::fixture::{PYPI, two_hops};
use codeartifact_end_to_end::{Sandbox, helpers};

use crate::{TOOL, own};

const GET: [&str; 3] = ["get", PYPI, "aws"];

/// A copy of the helper in a folder of its own.
fn helper_alone(sandbox: &Sandbox) {
    let copy = "alone/codeartifact-keyring";
    sandbox.copy_program(&own("codeartifact-keyring"), copy);
    sandbox.link("keyring", &sandbox.path(copy));
}

#[test]
fn without_codeartifact_beside_it_a_helper_says_so_in_one_sentence() {
    let (sandbox, emulator) = two_hops();
    helper_alone(&sandbox);
    // The one on PATH is not started: a project decides what is there.
    let outcome = sandbox.run("keyring", &GET).exited(1);
    let folder = sandbox.path("alone").display().to_string();
    let outcome = outcome.says(&["the program `codeartifact` is not in", &folder, "hint: "]);
    assert_eq!(outcome.stdout, "");
    assert!(emulator.journal().aws().is_empty());
}

/// Where only a part of a release was copied.
#[test]
fn without_codeartifact_aws_beside_it_codeartifact_says_so_in_one_sentence() {
    let (sandbox, _emulator) = two_hops();
    sandbox.copy_program(&own(TOOL), "alone/codeartifact");
    sandbox.link("codeartifact", &sandbox.path("alone/codeartifact"));
    let folder = sandbox.path("alone").display().to_string();
    for arguments in [["status"].as_slice(), &["token", PYPI]] {
        let outcome = sandbox.run("codeartifact", arguments).exited(3);
        let _ = outcome.says(&["`codeartifact-aws` is not in", &folder, "hint: install all"]);
    }
}

/// A release has one file under all these names; clients start it by a link of another name, or by no name of ours.
#[test]
fn the_small_program_is_each_helper_by_the_name_of_its_file() {
    let (sandbox, _emulator) = two_hops();
    let said =
        |program: &str, arguments: &[&str]| sandbox.run(program, arguments).succeeded().stdout;
    for name in helpers() {
        let copy = format!("alone/{name}");
        sandbox.copy_program(&own(TOOL), &copy);
        symlink(sandbox.path(&copy), sandbox.path(&format!("tmp/{name}"))).unwrap();
        sandbox.link("any-name", &sandbox.path(&format!("tmp/{name}")));
        assert!(
            said("any-name", &["--version"]).starts_with(&format!("{name} ")),
            "{name}"
        );
    }
    sandbox.link("keyring", &own(TOOL));
    assert!(said("keyring", &["--help"]).contains("usage: keyring"));
    sandbox.link("another", &own(TOOL));
    assert!(said("another", &["--version"]).starts_with("codeartifact "));
}

#[test]
fn a_link_to_a_helper_leads_to_the_programs() {
    let (sandbox, _emulator) = two_hops();
    symlink(own("codeartifact-keyring"), sandbox.path("tmp/one")).unwrap();
    symlink(sandbox.path("tmp/one"), sandbox.path("tmp/two")).unwrap();
    sandbox.link("keyring", &sandbox.path("tmp/two"));
    let _ = sandbox.run("keyring", &GET).succeeded();
}

#[test]
fn a_pointer_beside_a_copy_leads_to_the_programs() {
    let (sandbox, _emulator) = two_hops();
    helper_alone(&sandbox);
    let programs = own(TOOL).parent().unwrap().display().to_string();
    let pointer = sandbox.path("alone/.codeartifact-programs");
    fs::write(&pointer, format!("{programs}\n")).unwrap();
    fs::set_permissions(&pointer, fs::Permissions::from_mode(0o666)).unwrap();
    let _ = sandbox.run("keyring", &GET).exited(1).says(&["is not in"]);
    fs::set_permissions(&pointer, fs::Permissions::from_mode(0o644)).unwrap();
    let _ = sandbox.run("keyring", &GET).succeeded();
}

#[test]
fn programs_of_two_releases_are_told_apart() {
    let (sandbox, _emulator) = two_hops();
    helper_alone(&sandbox);
    let script = "#!/bin/sh\ncat >/dev/null\necho '{\"protocol\":99,\"version\":\"9.9.9\"}'\n";
    sandbox.write_program("alone/codeartifact", script);
    let outcome = sandbox.run("keyring", &GET).exited(1);
    let _ = outcome.says(&["codeartifact 9.9.9", env!("CARGO_PKG_VERSION"), "hint: "]);
}

#[test]
fn a_codeartifact_that_answers_nothing_is_told() {
    let (sandbox, _emulator) = two_hops();
    helper_alone(&sandbox);
    sandbox.write_program("alone/codeartifact", "#!/bin/sh\nexit 3\n");
    let outcome = sandbox.run("keyring", &GET).exited(1);
    let _ = outcome.says(&["exit status: 3", "hint: "]);
}

/// As in a release. `codeartifact` would only become `codeartifact-aws`.
#[test]
fn a_helper_that_is_codeartifact_itself_starts_what_that_would_become() {
    let (sandbox, _emulator) = two_hops();
    sandbox.copy_program(&own(TOOL), "alone/codeartifact");
    let helper = sandbox.path("alone/codeartifact-keyring");
    fs::hard_link(sandbox.path("alone/codeartifact"), &helper).unwrap();
    sandbox.link("keyring", &helper);
    let script = "#!/bin/sh\necho \"$0 $*\" >\"$HOME/started\"\n";
    sandbox.write_program("alone/codeartifact-aws", script);
    let _ = sandbox.run("keyring", &GET).exited(1);
    let program = sandbox.path("alone/codeartifact-aws");
    let started = format!("{} mint-for-helper\n", program.display());
    assert_eq!(sandbox.read("home/started"), started);
}

/// Nothing secret and nothing of the request is an argument: every user of the machine can read those.
#[test]
fn the_request_goes_over_stdin() {
    let (sandbox, _emulator) = two_hops();
    helper_alone(&sandbox);
    let script = "#!/bin/sh\necho \"$*\" >\"$HOME/arguments\"\ncat >\"$HOME/request\"\n";
    sandbox.write_program("alone/codeartifact", script);
    sandbox.link("cat", std::path::Path::new("/bin/cat"));
    let _ = sandbox.run("keyring", &GET).exited(1);
    assert_eq!(sandbox.read("home/arguments"), "mint-for-helper\n");
    let request = sandbox.read("home/request");
    assert!(request.starts_with("{\"protocol\":4,"), "{request}");
    assert!(
        request.contains("my-domain") && request.contains("acme-7f3c2a91"),
        "{request}"
    );
    assert!(!request.contains("EXAMPLEKEY"), "{request}");
}
