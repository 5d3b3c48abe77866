//! Settings files as public projects have them, where another file does not have them already: each with its real client,
//! through links, `exec` and `setup`.

use super::reports::{PNPM_9, PNPM_10, WAYS, desk, fill};
use super::*;
use clients::{BUN, NPM_11, PNPM, YARN, YARN_1};

/// Committed because CI sets the variable, or the user's own: both with `always-auth`, as AWS's manual has it.
#[test]
fn token_lines_with_a_variable_in_both_files() {
    let text =
        "registry=REPO/\nKEY/:always-auth=true\nKEY/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n";
    for client in [NPM_11, PNPM, PNPM_10, PNPM_9, YARN_1, BUN] {
        desk(client, &[("work/.npmrc", text)]).adds_in_all_ways("my-package");
        desk(client, &[("home/.npmrc", text)]).adds("my-package");
    }
}

/// By a script: two registries, the second without its slash, and keys and values with variables.
#[test]
fn lines_that_a_script_has_written() {
    let url = "https://${DOMAIN_NAME}-${ACCOUNT_NUMBER}.d.codeartifact.${AWS_REGION}.amazonaws.com/npm/${STORE}";
    let key = url.trim_start_matches("https:");
    let text = format!(
        "registry=PUBLIC\n\nregistry={url}\n{key}/:_authToken=${{CODEARTIFACT_AUTH_TOKEN}}\n"
    );
    let mut desk = desk(NPM_11, &[("work/.npmrc", &text)]);
    let unset = desk.types("codeartifact-npm --check").exited(3);
    let _ = unset.says(&["names a variable that is not set"]);
    for (name, value) in [
        ("DOMAIN_NAME", "my-domain"),
        ("ACCOUNT_NUMBER", "111122223333"),
        ("AWS_REGION", "us-east-1"),
        ("STORE", "my-repo"),
    ] {
        desk.sandbox.set(name, value);
    }
    desk.adds_in_all_ways("my-package");
}

/// For tarballs, whose URLs have a port; both lines are yesterday's.
#[test]
fn a_second_line_with_the_port() {
    let text = "registry=REPO/\nKEY/:_authToken=eyJ-stale\n//HOST:443/npm/my-repo/:_authToken=eyJ-stale\nfund=false\n";
    for client in [NPM_11, PNPM, PNPM_10, YARN_1, BUN] {
        let desk = desk(client, &[("home/.npmrc", text)]);
        desk.adds("my-package");
        let _ = desk.types("codeartifact logout").succeeded();
        let left = desk.sandbox.read("home/.npmrc");
        assert!(
            !left.contains("_authToken") && left.contains("fund=false"),
            "{left}"
        );
    }
}

/// Yarn 2+ with another company's scope beside ours: nothing is said about that one's token, and it goes on working.
#[test]
fn a_setup_of_yarn_beside_another_companys_scope() {
    let text = "nodeLinker: node-modules\nnpmScopes:\n  other:\n    npmAlwaysAuth: true\n    npmAuthToken: abc\n    \
        npmRegistryServer: 'https://npm.example.com/'\n  my-scope:\n    npmAlwaysAuth: true\n    \
        npmAuthToken: ${CODEARTIFACT_AUTH_TOKEN}\n    npmRegistryServer: 'REPO/'\n";
    let desk = desk(YARN, &[("work/yarn.lock", ""), ("work/.yarnrc.yml", text)]);
    let set_up = desk.types("codeartifact setup yarn --no-test").succeeded();
    assert!(
        !set_up.stderr.contains("npm.example.com") && !set_up.stderr.contains(":6"),
        "{set_up:?}"
    );
    for way in WAYS {
        let _ = desk
            .types(&format!("{way}yarn npm info @my-scope/my-package"))
            .succeeded();
    }
    let _ = desk.types("codeartifact setup yarn --undo").succeeded();
    assert_eq!(desk.sandbox.read("work/.yarnrc.yml"), fill(text));
}

/// A list of plugins, scopes without a slash, and a place to publish to.
#[test]
fn a_project_of_yarn_with_everything() {
    let text = "nodeLinker: node-modules\nnpmAlwaysAuth: true\nnpmPublishRegistry: 'REPO/'\nnpmRegistries:\n  'REPO/':\n    \
        npmAlwaysAuth: true\n    npmAuthToken: eyJ-stale\nnpmScopes:\n  my-scope:\n    npmRegistryServer: REPO\n    \
        npmAlwaysAuth: true\nplugins:\n  - path: ./mine.cjs\n    spec: ./mine.cjs\n";
    let mine = "module.exports = {name: 'mine', factory: () => ({})};\n";
    let package = r#"{"name": "@my-scope/a", "version": "1.0.0"}"#;
    let desk = desk(
        YARN,
        &[
            ("work/package.json", package),
            ("work/yarn.lock", ""),
            ("work/mine.cjs", mine),
            ("work/.yarnrc.yml", text),
        ],
    );
    let _ = desk.types("codeartifact setup yarn --no-test").succeeded();
    let _ = desk.client("add @my-scope/my-package").succeeded();
    let _ = desk.client("npm publish").succeeded();
    desk.refuses_nothing();
    let _ = desk
        .types("yarn config set enableTelemetry false")
        .succeeded();
    let _ = desk.types("codeartifact setup yarn --undo").succeeded();
    let left = desk.sandbox.read("work/.yarnrc.yml");
    assert!(
        left.contains("mine.cjs") && !left.contains("codeartifact.cjs"),
        "{left}"
    );
}

#[test]
fn bunfigs_of_other_forms() {
    let table = (
        "work/bunfig.toml",
        "[install.registry]\nurl = \"REPO/\"\ntoken = \"$CODEARTIFACT_AUTH_TOKEN\"\n",
    );
    desk(BUN, &[table]).adds_in_all_ways("my-package");
    let public = ("work/bunfig.toml", "[install]\nregistry = \"PUBLIC\"\n");
    let mut over = desk(BUN, &[public, ("home/.npmrc", "")]);
    over.sandbox.set("NPM_CONFIG_REGISTRY", NPM);
    over.adds_in_all_ways("my-package");
}

/// From a package inside, with a domain for each of two scopes.
#[test]
fn registries_of_a_workspace_of_pnpm() {
    let workspace = "packages:\n  - packages/*\nregistries:\n  default: PUBLIC\n  '@my-scope': REPO/\n  '@globex': OTHER\n";
    let app = r#"{"name": "app", "version": "1.0.0", "dependencies": {"@my-scope/my-package": "^1.0.0", "@globex/farewell": "^1.0.0"}}"#;
    for client in [PNPM, PNPM_10] {
        let desk = desk(
            client,
            &[
                ("work/pnpm-workspace.yaml", workspace),
                ("work/packages/app/package.json", app),
            ],
        );
        let _ = desk
            .types("cd packages/app && codeartifact setup pnpm --no-test && pnpm install")
            .succeeded();
        desk.refuses_nothing();
        assert_eq!(desk.emulator.journal().mints(), 2);
        let _ = desk.types("codeartifact setup pnpm --undo").succeeded();
        assert_eq!(desk.sandbox.read("home/.npmrc"), "");
    }
}
