//! pip by its command mode: which one of its many ways of being told leads to one call, and to packages.

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::{Desk, GREETING, GREETS, OTHER_DOMAIN, RELEASES_INDEX};

/// What pip 26 asks for a URL without a user.
fn question(url: &str) -> String {
    format!("--mode=creds --output=json get {url}")
}

#[test]
fn each_way_of_being_told() {
    let with_user = format!("{} aws", question(PYPI));
    let older = format!("get {PYPI} aws");
    let rows = [
        ("pip", PYPI, "auto", "0", question(PYPI)),
        ("pip", PYPI, "subprocess", "0", question(PYPI)),
        ("pip", PYPI, "subprocess", "1", question(PYPI)),
        ("pip", PYPI_OF_AWS, "subprocess", "1", with_user),
        ("pip-23", PYPI_OF_AWS, "auto", "0", older.clone()),
        ("pip-23", PYPI_OF_AWS, "subprocess", "1", older),
    ];
    for (client, index, provider, no_input, question) in rows {
        let mut desk = Desk::with(client, "pip");
        desk.sandbox.set("PIP_INDEX_URL", index);
        desk.sandbox.set("PIP_KEYRING_PROVIDER", provider);
        desk.sandbox.set("PIP_NO_INPUT", no_input);
        let _ = desk.pip(&["install", "my-package"]).succeeded();
        desk.imports(GREETS, GREETING);
        assert_eq!(desk.asked(), [question], "{client} {provider} {no_input}");
        desk.assert_tokens(1);
    }
}

/// The trap that makes people believe in a broken helper: pip does not even look for one.
#[test]
fn no_input_without_a_provider_asks_nobody() {
    let mut desk = Desk::with("pip", "pip");
    desk.sandbox.set("PIP_NO_INPUT", "1");
    let _ = desk
        .pip(&["install", "--index-url", PYPI, "my-package"])
        .failed();
    assert_eq!(desk.asked(), Vec::<String>::new());
}

/// As `pip config` writes it; the file is as good after a year as on the first day, for it holds no token.
#[test]
fn configuration_file() {
    let mut desk = Desk::with("pip", "pip");
    desk.sandbox.unset("PIP_CONFIG_FILE");
    for (key, value) in [
        ("global.keyring-provider", "subprocess"),
        ("global.index-url", PYPI),
    ] {
        let _ = desk
            .sandbox
            .run("pip", &["config", "set", key, value])
            .succeeded();
    }
    let _ = desk
        .pip(&["--no-input", "install", "my-package"])
        .succeeded();
    desk.imports(GREETS, GREETING);
    let written = desk.sandbox.read("home/.config/pip/pip.conf");
    assert_eq!(
        written,
        format!("[global]\nkeyring-provider = subprocess\nindex-url = {PYPI}\n\n")
    );
    assert_eq!(desk.asked(), [question(PYPI)]);
}

/// A second pip, within the build, asks for itself. Both get the same token.
#[test]
fn build_isolation() {
    for (client, index) in [("pip", PYPI), ("pip-23", PYPI_OF_AWS)] {
        let mut desk = Desk::with(client, "pip");
        desk.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
        desk.sandbox.set("PIP_INDEX_URL", index);
        let _ = desk
            .pip(&["--no-input", "install", "my-source-package"])
            .succeeded();
        desk.imports(
            "import my_source_package as it; print(it.built())",
            "Built from source",
        );
        assert_eq!(desk.asked().len(), 2, "{client}: {:?}", desk.asked());
        desk.assert_tokens(1);
    }
}

#[test]
fn two_indexes_on_one_host() {
    let desk = Desk::with_pip();
    let _ = desk
        .pip(&[
            "install",
            "--index-url",
            RELEASES_INDEX,
            "--extra-index-url",
            PYPI,
            "my-package",
        ])
        .succeeded();
    desk.imports(GREETS, GREETING);
    assert_eq!(
        desk.asked(),
        [question(RELEASES_INDEX)],
        "pip keeps an answer for its host"
    );
    desk.assert_tokens(1);
}

/// Two domains, two connections, two roles: each host gets the token of its own.
#[test]
fn extra_index_in_another_domain() {
    let desk = Desk::with_pip();
    let _ = desk
        .pip(&[
            "install",
            "--index-url",
            RELEASES_INDEX,
            "--extra-index-url",
            OTHER_DOMAIN,
            "my-package",
        ])
        .succeeded();
    desk.imports(GREETS, GREETING);
    let mut asked = desk.asked();
    asked.sort();
    assert_eq!(asked, [question(RELEASES_INDEX), question(OTHER_DOMAIN)]);
    desk.assert_tokens(2);
}

#[test]
fn twenty_packages() {
    let desk = Desk::with_pip();
    let names: Vec<_> = (1..=20)
        .map(|number| format!("numbered-{number:02}"))
        .collect();
    let mut arguments = vec!["install", "--index-url", PYPI];
    arguments.extend(names.iter().map(String::as_str));
    let _ = desk.pip(&arguments).succeeded();
    desk.imports("import numbered_20; print(numbered_20.NUMBER)", "20");
    assert_eq!(desk.asked(), [question(PYPI)]);
    desk.assert_tokens(1);
}

/// `pip download` on one machine, `--require-hashes` on the next.
#[test]
fn downloads_then_checks_hashes() {
    let desk = Desk::with_pip();
    let download = [
        "download",
        "--no-deps",
        "--dest",
        "wheels",
        "--index-url",
        PYPI,
    ];
    let _ = desk
        .pip(&[&download[..], &["my-package==1.0.0"]].concat())
        .succeeded();
    let hash = desk
        .pip(&["hash", "wheels/my_package-1.0.0-py3-none-any.whl"])
        .succeeded()
        .stdout;
    let hash = hash
        .lines()
        .find(|line| line.starts_with("--hash"))
        .unwrap();
    let wrong = format!("--hash=sha256:{}", "0".repeat(64));

    assert_eq!(
        install_by_hash(&desk, &wrong)
            .failed()
            .stderr
            .matches("DO NOT MATCH")
            .count(),
        1
    );
    let _ = install_by_hash(&desk, hash).succeeded();
    desk.imports(GREETS, GREETING);
    desk.assert_tokens(1);
}

fn install_by_hash(desk: &Desk, hash: &str) -> Outcome {
    desk.sandbox.write(
        "work/requirements.txt",
        &format!("my-package==1.0.0 {hash}\n"),
    );
    desk.pip(&[
        "install",
        "--index-url",
        PYPI,
        "--require-hashes",
        "-r",
        "requirements.txt",
    ])
}

/// pip sends what the netrc says first; the answer to the 401 is ours.
#[test]
fn stale_netrc_entry() {
    let desk = Desk::with_pip();
    let host = PYPI.split('/').nth(2).unwrap();
    desk.sandbox.write(
        "home/.netrc",
        &format!("machine {host} login aws password yesterday\n"),
    );
    let _ = desk
        .pip(&["install", "--index-url", PYPI, "my-package"])
        .succeeded();
    desk.imports(GREETS, GREETING);
    assert!(
        desk.asked()
            .iter()
            .all(|it| it.starts_with(&question(PYPI))),
        "{:?}",
        desk.asked()
    );
    desk.assert_tokens(1);
}
