//! npm, pnpm, Yarn and Bun.

use super::*;

const REGISTRY: &str = "registry=https://HOST/npm/my-repo/\n";

fn project(client: &str, command: &str) -> Machine {
    let machine = Machine::with(client, command);
    machine.write(
        "work/package.json",
        "{\"name\": \"p\", \"private\": true}\n",
    );
    machine
}

fn view(command: &str) -> [&str; 3] {
    let verb = match command {
        "bun" => "info",
        "yarn" => "add",
        _ => "view",
    };
    [command, verb, "my-package"]
}

#[test]
fn clients_that_read_npmrc() {
    for (folder, command) in [
        ("npm", "npm"),
        ("npm-10", "npm"),
        ("pnpm", "pnpm"),
        ("pnpm-10", "pnpm"),
        ("bun", "bun"),
    ] {
        let machine = project(folder, command);
        machine.write("work/.npmrc", REGISTRY);
        machine.fails(
            command,
            &view(command),
            ".npmrc has no token for https://",
            "codeartifact-npm",
        );
        let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
        machine.works(command, &view(command));
        let old = format!("{REGISTRY}//HOST/npm/my-repo/:_authToken=OLD\n");
        machine.write("work/.npmrc", &old);
        machine.fails(
            command,
            &view(command),
            "sends my-repo a token that ran out",
            "",
        );
    }
}

#[test]
fn yarn_1() {
    let machine = project("yarn-1", "yarn");
    machine.write(
        "work/.npmrc",
        &format!("{REGISTRY}//HOST/npm/my-repo/:always-auth=true\n"),
    );
    machine.fails(
        "yarn",
        &view("yarn"),
        ".npmrc has no token for https://",
        "codeartifact setup yarn",
    );
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    machine.works("yarn", &view("yarn"));
}

/// Yarn from 2 on reads no `.npmrc`.
#[test]
fn yarn_without_the_plugin() {
    let machine = project("yarn", "yarn");
    let settings = "npmAlwaysAuth: true\nnpmRegistryServer: \"https://HOST/npm/my-repo/\"\nenableGlobalCache: false\n";
    machine.write("work/.yarnrc.yml", settings);
    machine.write("work/yarn.lock", "");
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    let info = ["yarn", "npm", "info", "my-package"];
    machine.fails(
        "yarn",
        &info,
        "No authentication configured",
        "codeartifact setup yarn",
    );
    let unset = format!("{settings}npmAuthToken: \"${{CODEARTIFACT_AUTH_TOKEN}}\"\n");
    machine.write("work/.yarnrc.yml", &unset);
    machine.fails("yarn", &info, "asks nobody: ", "");
    machine.write("work/.yarnrc.yml", settings);
    let set_up = machine
        .sandbox
        .run("codeartifact", &["setup", "yarn"])
        .succeeded();
    assert!(set_up.stdout.contains("seen: yarn 4"), "{set_up:?}");
    machine.works("yarn", &info);
}

/// An entry of its own for the default registry, which wins over what the top level and our plugin say.
#[test]
fn yarn_with_an_entry_that_keeps_the_token_back() {
    let machine = project("yarn", "yarn");
    let entry = "enableGlobalCache: false\nnpmRegistryServer: \"https://HOST/npm/my-repo/\"\nnpmRegistries:\n  \"//HOST/npm/my-repo\":\n    npmAuthToken: OLD\n";
    machine.write("work/.yarnrc.yml", entry);
    machine.write("work/yarn.lock", "");
    let info = ["yarn", "npm", "info", "my-package"];
    let _ = machine
        .sandbox
        .run("codeartifact", &["setup", "yarn"])
        .failed()
        .says(&["npmAlwaysAuth: true"]);
    machine.fails(
        "yarn",
        &info,
        ".yarnrc.yml:5 lacks npmAlwaysAuth",
        "add `npmAlwaysAuth: true`",
    );
    let exec = ["exec", "--", "yarn", "npm", "info", "my-package"];
    let said = machine.sandbox.run("codeartifact-npm", &exec).failed();
    let _ = said.says(&["lacks npmAlwaysAuth: true"]);
    let added = machine.sandbox.read("work/.yarnrc.yml").replace(
        "    npmAuthToken:",
        "    npmAlwaysAuth: true\n    npmAuthToken:",
    );
    machine.write("work/.yarnrc.yml", &added);
    machine.works("yarn", &info);
}

/// The form that many projects have committed, because their CI sets the variable.
#[test]
fn a_token_from_a_variable_that_is_not_set() {
    let machine = project("npm", "npm");
    machine.write(
        "work/.npmrc",
        &format!("{REGISTRY}//HOST/npm/my-repo/:_authToken=${{CODEARTIFACT_AUTH_TOKEN}}\n"),
    );
    let _ = machine.sandbox.run("codeartifact-npm", &[]);
    machine.fails("npm", &view("npm"), "from a variable that is not set", "");
}

/// pnpm 11 and later keep logins in a file of their own, which beats `~/.npmrc`.
#[test]
fn a_login_in_a_file_of_pnpms_own() {
    let machine = project("pnpm", "pnpm");
    machine.write("work/.npmrc", REGISTRY);
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    let key = format!("//{HOST}/npm/my-repo/:_authToken");
    let _ = machine
        .sandbox
        .run("pnpm", &["config", "set", &key, OLD])
        .succeeded();
    machine.fails(
        "pnpm",
        &view("pnpm"),
        "sends my-repo a token that ran out",
        "codeartifact setup pnpm",
    );
    let set_up = machine
        .sandbox
        .run("codeartifact", &["setup", "pnpm"])
        .succeeded();
    assert!(set_up.stdout.contains("seen: pnpm 12"), "{set_up:?}");
    machine.works("pnpm", &view("pnpm"));
}

#[test]
fn a_scope_that_a_project_leads_elsewhere() {
    let machine = project("npm", "npm");
    machine.write(
        "home/.npmrc",
        "@my-scope:registry=https://HOST/npm/my-repo/\n",
    );
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    machine.works("npm", &["npm", "view", "@my-scope/my-package"]);
    machine.write(
        "work/.npmrc",
        "@my-scope:registry=https://registry.example.com/\n",
    );
    machine.is_told("npm", "asks https://registry.example.com, not my-repo", "");
}
