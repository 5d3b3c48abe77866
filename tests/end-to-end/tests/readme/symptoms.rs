//! The words by which TROUBLESHOOTING.md is searched: each client says them when it has no token, or asks somebody else.

use crate::files;
use crate::session::{Desk, HOST};

const PAGE: &str = include_str!("../../../../crates/cli/TROUBLESHOOTING.md");

/// Returns what the page says that a client says.
fn documented(client: &str) -> Vec<&'static str> {
    let start = format!("| {client}: `");
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix(&start));
    rows.map(|rest| rest.split('`').next().unwrap()).collect()
}

/// Runs a command that fails, and looks for all that the page has of this client.
#[track_caller]
fn says(desk: &Desk, client: &str, commands: &[&str]) {
    let outputs = commands.iter().map(|command| {
        let outcome = desk.run(command).failed();
        format!("{}{}", outcome.stdout, outcome.stderr)
    });
    let said: String = outputs.collect();
    // Some break their lines at the terminal's width.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let documented = documented(client);
    assert!(!documented.is_empty(), "{client}");
    for text in documented {
        assert!(words(&said).contains(&words(text)), "{text}: {said}");
    }
}

#[test]
fn pip_and_uv_without_a_token() {
    let desk = Desk::stranger(&["pip", "uv"]);
    desk.with_virtual_environment();
    let with_user = HOST.replace("https://", "https://aws@");
    says(
        &desk,
        "pip",
        &[&format!(
            "pip install --index-url {with_user}/pypi/my-repo/simple/ my-package"
        )],
    );
    says(
        &desk,
        "uv",
        &[
            "uv pip install --python venv/bin/python --default-index $REPO/pypi/my-repo/simple/ my-package",
        ],
    );
}

#[test]
fn clients_of_npm_without_a_token() {
    let mut desk = Desk::stranger(&["npm", "pnpm", "yarn", "bun"]);
    desk.expect_other_hosts();
    desk.write("package.json", files::PACKAGE_JSON);
    desk.write(".npmrc", &format!("registry={HOST}/npm/my-repo/\n"));
    says(&desk, "npm", &["npm install my-package"]);
    says(&desk, "pnpm", &["pnpm add my-package"]);
    says(&desk, "Bun", &["bun add my-package"]);
    desk.write(
        ".yarnrc.yml",
        &format!("npmRegistryServer: {HOST}/npm/my-repo/\n"),
    );
    says(&desk, "Yarn", &["yarn add my-package"]);
}

#[test]
fn go_without_a_token() {
    let desk = Desk::stranger(&["go"]);
    desk.write("go.mod", files::GO_MOD);
    let get = "GOPROXY=$REPO/go/my-repo/ GONOSUMDB=example.com/private go get example.com/private/greeting";
    says(&desk, "go", &[get]);
}

#[test]
fn cargo_without_a_token() {
    let desk = Desk::stranger(&[]);
    desk.with_cargo();
    desk.write("Cargo.toml", files::CARGO_TOML);
    desk.write("src/lib.rs", "");
    let registry = format!("[registries.my-repo]\nindex = \"sparse+{HOST}/cargo/my-repo/\"\n");
    desk.write(".cargo/config.toml", &registry);
    says(&desk, "cargo", &["cargo add --registry my-repo my-crate"]);
}
