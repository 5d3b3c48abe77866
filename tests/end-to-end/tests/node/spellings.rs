//! One registry in every way that clients let people write it: in upper case, with a port, without a slash, by variables,
//! options and files of other names. Each with its real client, through the link, at the first try.

use super::*;
use clients::{BUN, NPM_11, PNPM, YARN, YARN_1};

const PNPM_10: Client = Client {
    folder: "pnpm-10",
    ..PNPM
};

const PACKAGE: &str = r#"{"name": "work", "version": "1.0.0", "private": true}"#;

/// A client, files of the sandbox, variables, and a command.
type Row<'a> = (
    Client,
    &'a [(&'a str, &'a str)],
    &'a [(&'a str, &'a str)],
    &'a str,
);

fn fill(text: &str) -> String {
    let host = NPM.trim_start_matches("https://");
    let host = host.split('/').next().unwrap();
    let upper = host.replace("my-domain", "MY-DOMAIN");
    let text = text.replace("PUBLIC", PUBLIC).replace("REPO/", NPM);
    let text = text.replace("REPO", NPM.trim_end_matches('/'));
    text.replace("UPPER", &upper).replace("HOST", host)
}

fn try_all(rows: &[Row]) {
    for (client, files, variables, command) in rows {
        let mut desk = Desk::with(*client);
        desk.sandbox.write("work/package.json", PACKAGE);
        desk.sandbox.write("home/.npmrc", "");
        for (file, text) in *files {
            desk.sandbox.write(file, &fill(text));
        }
        let _ = desk.types("codeartifact setup npm --no-test");
        for (name, value) in *variables {
            desk.sandbox.set(name, fill(value));
        }
        let command = fill(command);
        let _ = desk.types(&command).succeeded();
        let refused = desk.emulator.journal();
        let refused = refused.of("npm").iter().any(|it| it.status == Some(401));
        assert!(!refused, "{files:?} {command}");
        assert_eq!(desk.emulator.journal().mints(), 1, "{files:?} {command}");
    }
}

#[test]
fn hosts_and_paths_of_an_npmrc() {
    let urls = [
        "https://UPPER/npm/my-repo/",
        "https://HOST:443/npm/my-repo/",
        "REPO",
    ];
    for client in [NPM_11, PNPM, PNPM_10, YARN_1, BUN] {
        for url in urls {
            let text = format!("registry={url}\n");
            let add = format!("{} {} my-package", client.command, client.add);
            try_all(&[(client, &[("work/.npmrc", &text)], &[], &add)]);
        }
    }
}

#[test]
fn settings_of_yarn() {
    let rows = [
        "npmRegistryServer: \"https://UPPER/npm/my-repo\"\n",
        "npmRegistryServer: \"https://HOST:443/npm/my-repo/\"\n",
        "npmRegistryServer: \"${MY_REGISTRY:-REPO/}\" # it's ours\nnpmAuthToken: \"${MY_TOKEN-}\"\n",
        "npmRegistryServer: \"${MY_REGISTRY-REPO/}\"\n",
        "npmRegistryServer: \"REPO\"\nnpmRegistries:\n  \"REPO\":\n    npmAlwaysAuth: true\n    npmAuthToken: \"${MY_TOKEN}\"\n",
        "npmRegistryServer: PUBLIC\nnpmScopes: {my-scope: {npmRegistryServer: \"REPO/\", npmAuthToken: \"${MY_TOKEN}\"}}\n",
        "npmRegistryServer: PUBLIC\nnpmScopes:\n  my-scope:\n    npmRegistryServer: \"${MY_REGISTRY:-REPO/}\"\n    npmAuthToken: \"${MY_TOKEN:-}\"\n",
    ];
    for text in rows {
        let package = if text.contains("npmScopes") {
            "yarn add @my-scope/my-package"
        } else {
            "yarn add my-package"
        };
        let files = [("work/yarn.lock", ""), ("work/.yarnrc.yml", text)];
        try_all(&[(YARN, &files, &[], package)]);
    }
    let files = [
        ("work/yarn.lock", ""),
        ("work/.yarnrc.yml", "enableGlobalCache: false\n"),
    ];
    let server = [("YARN_NPM_REGISTRY_SERVER", "REPO/")];
    try_all(&[(YARN, &files, &server, "yarn add my-package")]);
}

#[test]
fn settings_of_bun() {
    let by_variable = [("MY_REGISTRY", "REPO/")];
    let rows: [(&str, &[(&str, &str)]); 6] = [
        ("[install]\nregistry = \"$MY_REGISTRY\"\n", &by_variable),
        (
            "[install]\nregistry = { url = \"$MY_REGISTRY\", token = \"$MY_TOKEN\" }\n",
            &by_variable,
        ),
        (
            "[install]\nregistry = \"PUBLIC\"\n[install.scopes]\nmy-scope = \"$MY_REGISTRY\"\n",
            &by_variable,
        ),
        (
            "[install]\nregistry = \"PUBLIC\"\n[install.scopes]\nmy-scope = { token = \"$MY_TOKEN\", url = \"REPO/\" }\n",
            &[],
        ),
        (
            "[install]\nregistry = \"PUBLIC\"\n[install.scopes]\n\"@my-scope\" = \"https://aws:$MY_TOKEN@HOST/npm/my-repo/\"\n",
            &[],
        ),
        (
            "[install]\nregistry = \"PUBLIC\"\n[install.scopes]\nmy-scope = { username = \"aws\", password = \"$MY_TOKEN\", url = \"REPO/\" }\n",
            &[],
        ),
    ];
    for (text, variables) in rows {
        let files = [("work/bunfig.toml", text)];
        try_all(&[(BUN, &files, variables, "bun add @my-scope/my-package")]);
    }
    let named = [("work/other.toml", "[install]\nregistry = \"REPO/\"\n")];
    try_all(&[(BUN, &named, &[], "bun add --config=other.toml my-package")]);
}

#[test]
fn options_variables_and_other_files() {
    try_all(ELSEWHERE);
}

const WORKSPACE: &str =
    "packages: [\"packages/*\"]\nregistries:\n  default: PUBLIC\n  \"@my-scope\": REPO/\n";

const OTHER: (&str, &str) = ("home/other", "registry=REPO/\n");

const ELSEWHERE: &[Row<'static>] = &[
    (NPM_11, &[], &[], "npm install my-package --registry=REPO"),
    (
        NPM_11,
        &[OTHER],
        &[],
        "npm install my-package --userconfig ../home/other",
    ),
    (
        NPM_11,
        &[OTHER],
        &[("npm_config_globalconfig", "../home/other")],
        "npm install my-package",
    ),
    (
        NPM_11,
        &[],
        &[("NPM_CONFIG_REGISTRY", "REPO")],
        "npm install my-package",
    ),
    (
        PNPM,
        &[],
        &[],
        "pnpm add my-package --config.registry=REPO/",
    ),
    (
        PNPM_10,
        &[],
        &[],
        "pnpm add my-package --config.registry=REPO/",
    ),
    (
        PNPM,
        &[],
        &[("PNPM_CONFIG_REGISTRY", "REPO/")],
        "pnpm add my-package",
    ),
    (
        PNPM_10,
        &[],
        &[("npm_config_registry", "REPO/")],
        "pnpm add my-package",
    ),
    (
        PNPM,
        &[("work/pnpm-workspace.yaml", WORKSPACE)],
        &[],
        "pnpm add -w @my-scope/my-package punctuation",
    ),
    (
        PNPM_10,
        &[("work/pnpm-workspace.yaml", WORKSPACE)],
        &[],
        "pnpm add -w @my-scope/my-package punctuation",
    ),
    (
        BUN,
        &[],
        &[("BUN_CONFIG_REGISTRY", "REPO/")],
        "bun add my-package",
    ),
    (BUN, &[], &[], "bun add --registry=REPO/ my-package"),
    (
        YARN_1,
        &[("work/.yarnrc", "registry \"REPO\"\n")],
        &[],
        "yarn add my-package",
    ),
];

/// The commands that fetch a package to run it, under their own names.
#[test]
fn programs_that_are_fetched_and_run() {
    let npmrc = [("home/.npmrc", "registry=REPO/\n")];
    let rows = [
        (NPM_11, "npx", "npx --yes my-package Ada"),
        (PNPM, "pnpx", "pnpx my-package Ada"),
        (BUN, "bunx", "bunx my-package Ada"),
    ];
    for (client, command, line) in rows {
        let desk = Desk::with(client);
        desk.sandbox.client(client.folder, command);
        desk.sandbox.write(npmrc[0].0, &fill(npmrc[0].1));
        let _ = desk.types("codeartifact setup npm --no-test");
        let said = desk.types(line).succeeded();
        assert!(said.stdout.contains(GREETING), "{said:?}");
        assert_eq!(desk.emulator.journal().mints(), 1, "{line}");
    }
}
