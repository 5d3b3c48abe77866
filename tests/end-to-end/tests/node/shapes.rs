//! Projects as teams lay them out: workspaces of every client, with the settings at the root and the work in a package.

use super::*;
use clients::{BUN, NPM_6, NPM_11, PNPM, YARN, YARN_1};

const PNPM_10: Client = Client {
    folder: "pnpm-10",
    ..PNPM
};

/// A client, files of the sandbox, variables, and a command.
type Shape<'a> = (
    Client,
    &'a [(&'a str, &'a str)],
    &'a [(&'a str, &'a str)],
    &'a str,
);

const ROOT: &str =
    r#"{"name": "root", "version": "1.0.0", "private": true, "workspaces": ["packages/*"]}"#;
const APP: &str =
    r#"{"name": "app", "version": "1.0.0", "dependencies": {"@my-scope/my-package": "^1.0.0"}}"#;
const SCOPE: &str = "registry=PUBLIC\n@my-scope:registry=REPO/\n";
const LINE: &str = "@my-scope:registry=REPO/\nKEY/:_authToken=${NODE_AUTH_TOKEN}\n";

fn fill(text: &str) -> String {
    let root = NPM.trim_end_matches('/');
    let text = text.replace("KEY", root.trim_start_matches("https:"));
    text.replace("PUBLIC", PUBLIC).replace("REPO", root)
}

fn try_all(shapes: &[Shape]) {
    for (client, files, variables, command) in shapes {
        let mut desk = Desk::with(*client);
        desk.sandbox.write("home/.npmrc", "");
        desk.sandbox.write("work/package.json", ROOT);
        desk.sandbox.write("work/packages/app/package.json", APP);
        for (file, text) in *files {
            desk.sandbox.write(file, &fill(text));
        }
        for (name, value) in *variables {
            desk.sandbox.set(name, *value);
        }
        let _ = desk.types("codeartifact setup npm --no-test").succeeded();
        let _ = desk.types(command).succeeded();
        let journal = desk.emulator.journal();
        assert_eq!(journal.mints(), 1, "{files:?} {command}");
        let asked = journal.of("npm");
        assert!(asked.iter().all(|it| it.status != Some(401)), "{command}");
    }
}

#[test]
fn workspaces_of_npm() {
    let quoted = "; ours\r\nregistry = PUBLIC\r\n@my-scope:registry = \"REPO/\"\r\nKEY/:_authToken = \"${NPM_TOKEN}\"\r\nengine-strict=true\r\n";
    let byte_order_mark = "\u{feff}registry=REPO/\nKEY/:_authToken=${NPM_TOKEN}\n";
    let managed = r#"{"name": "root", "private": true, "packageManager": "npm@11.21.2", "volta": {"node": "20.20.2"}, "workspaces": {"packages": ["packages/*"]}}"#;
    try_all(&[
        (NPM_11, &[("work/.npmrc", quoted)], &[], "npm install"),
        (
            NPM_11,
            &[("work/.npmrc", byte_order_mark)],
            &[],
            "npm install",
        ),
        (
            NPM_11,
            &[("work/.npmrc", SCOPE), ("work/package.json", managed)],
            &[],
            "cd packages/app && npm install punctuation",
        ),
        (
            NPM_11,
            &[("home/.npmrc", "cache=${HOME}/cache\nregistry=REPO/\n")],
            &[],
            "npm install -w packages/app my-package",
        ),
        (
            NPM_6,
            &[("work/packages/app/.npmrc", LINE)],
            &[],
            "cd packages/app && npm install --no-optional",
        ),
    ]);
}

#[test]
fn workspaces_of_pnpm() {
    let workspace = "packages:\n  - packages/*\ncatalog:\n  \"@my-scope/my-package\": ^1.0.0\n";
    let catalog = r#"{"name": "app", "version": "1.0.0", "dependencies": {"@my-scope/my-package": "catalog:"}}"#;
    let hoisted =
        "node-linker=hoisted\nshamefully-hoist=true\n@my-scope:registry=REPO\nregistry=PUBLIC\n";
    for client in [PNPM, PNPM_10] {
        try_all(&[
            (
                client,
                &[
                    ("work/pnpm-workspace.yaml", workspace),
                    ("work/packages/app/package.json", catalog),
                    ("work/.npmrc", SCOPE),
                ],
                &[],
                "pnpm install",
            ),
            (
                client,
                &[
                    ("work/pnpm-workspace.yaml", workspace),
                    ("work/.npmrc", hoisted),
                    ("work/turbo.json", "{}"),
                ],
                &[],
                "cd packages/app && pnpm install",
            ),
            // As setup-node leaves it where no token is given.
            (
                client,
                &[
                    ("work/pnpm-workspace.yaml", workspace),
                    ("work/.npmrc", LINE),
                ],
                &[("NODE_AUTH_TOKEN", "")],
                "pnpm -r install",
            ),
        ]);
    }
}

#[test]
fn workspaces_of_yarn() {
    let berry = "nodeLinker: node-modules\nnpmRegistryServer: \"PUBLIC\"\nnpmScopes:\n  my-scope:\n    npmRegistryServer: \"REPO\"\nnpmRegistries:\n  KEY:\n    npmAlwaysAuth: true\n    npmAuthToken: \"${CODEARTIFACT_AUTH_TOKEN-}\"\n";
    let lerna = r#"{"npmClient": "yarn", "useWorkspaces": true, "version": "independent"}"#;
    try_all(&[
        (
            YARN,
            &[("work/yarn.lock", ""), ("work/.yarnrc.yml", berry)],
            &[],
            "cd packages/app && yarn install",
        ),
        (
            YARN_1,
            &[
                ("work/lerna.json", lerna),
                ("work/.npmrc", "registry=REPO/\nalways-auth=true\n"),
            ],
            &[],
            "yarn install",
        ),
        (
            YARN_1,
            &[
                (
                    "work/.yarnrc",
                    "registry \"PUBLIC\"\n\"@my-scope:registry\" \"REPO/\"\n",
                ),
                ("work/.npmrc", "KEY/:always-auth=true\n"),
            ],
            &[],
            "cd packages/app && yarn install",
        ),
    ]);
}

#[test]
fn workspaces_of_bun() {
    let bunfig = "[install]\nregistry = \"PUBLIC\"\nexact = true\n\n[install.scopes]\nmy-scope = { url = \"REPO/\", token = \"$NPM_TOKEN\" }\n";
    try_all(&[
        (BUN, &[("work/bunfig.toml", bunfig)], &[], "bun install"),
        (
            BUN,
            &[("work/.npmrc", LINE)],
            &[],
            "cd packages/app && bun install",
        ),
    ]);
}
