//! Yarn 2 and later: where the registry is named, what its entries say, whose token is beside it, and our plugin.

use super::*;

pub(super) fn case(number: usize) -> Case {
    let mut case = Case::new(number, Machine::new());
    case.machine.sandbox.client("yarn", "yarn");
    let package = "{\"name\": \"p\", \"version\": \"1.0.0\", \"private\": true}\n";
    case.machine.write("work/package.json", package);
    case.machine.write("work/yarn.lock", "");
    let settings = settings(&mut case);
    case.machine.write("work/.yarnrc.yml", &settings);
    variables(&mut case);
    ours(&mut case);
    // Neither depends on another one, which may come from another registry. A scope's packages get a token even where the
    // others get none, for which the doctor asks.
    let has_scope = settings.contains("npmScopes:");
    let package = case.choose("package", &["numbered-01", "@my-scope/my-package"]);
    let package = Some(package).filter(|_| has_scope).unwrap_or("numbered-01");
    case.tries("yarn", &["yarn", "add", package]);
    case.tries_also(&["yarn", "add", "numbered-01"]);
    case
}

fn settings(case: &mut Case) -> String {
    let urls = [
        "https://HOST/npm/my-repo/",
        "https://HOST/npm/my-repo",
        "https://HOST:443/npm/my-repo/",
        "${MY_REGISTRY:-https://HOST/npm/my-repo/}",
        "https://registry.example.com/",
    ];
    let url = case.choose("registry", &urls);
    let always = case.choose(
        "always",
        &["npmAlwaysAuth: true\n", "", "npmAlwaysAuth: false\n"],
    );
    let tokens = [
        "",
        "npmAuthToken: OLD\n",
        "npmAuthToken: \"${CODEARTIFACT_AUTH_TOKEN}\"\n",
        "npmAuthToken: \"${CODEARTIFACT_AUTH_TOKEN:-}\"\n",
        "npmAuthToken: GOOD\n",
        "npmAuthIdent: \"aws:GOOD\"\n",
    ];
    let token = case.choose("token", &tokens);
    let entries = [
        "",
        "npmRegistries:\n  \"https://HOST/npm/my-repo/\":\n    npmAuthToken: GOOD\n",
        "npmRegistries:\n  \"//HOST/npm/my-repo\":\n    npmAlwaysAuth: true\n    npmAuthToken: OLD\n",
        "npmRegistries:\n  \"https://HOST/npm/my-repo\":\n    npmAlwaysAuth: true\n",
    ];
    let entry = case.choose("entry", &entries);
    let scopes = [
        "",
        "npmScopes:\n  my-scope:\n    npmRegistryServer: \"https://HOST/npm/my-repo/\"\n",
        "npmScopes:\n  my-scope:\n    npmRegistryServer: \"https://registry.example.com/\"\n",
        "npmScopes:\n  my-scope:\n    npmRegistryServer: \"https://HOST/npm/my-repo\"\n    npmAuthToken: OLD\n",
    ];
    let scope = case.choose("scope", &scopes);
    let good = super::token(&case.machine);
    let server = match case.choose_evenly("place", &["file", "file", "home", "variable"]) {
        "variable" => {
            case.set("YARN_NPM_REGISTRY_SERVER", url);
            String::new()
        }
        "home" => {
            case.machine.write(
                "home/.yarnrc.yml",
                &format!("npmRegistryServer: \"{url}\"\n"),
            );
            String::new()
        }
        _ => format!("npmRegistryServer: \"{url}\"\n"),
    };
    let fixed = "enableGlobalCache: false\nhttpRetry: 0\n";
    format!("{fixed}{server}{always}{token}{entry}{scope}").replace("GOOD", &good)
}

fn variables(case: &mut Case) {
    let variables = [
        "",
        "CODEARTIFACT_AUTH_TOKEN=OLD",
        "YARN_NPM_AUTH_TOKEN=OLD",
        "YARN_NPM_ALWAYS_AUTH=true",
        "YARN_IGNORE_PATH=1",
    ];
    if let Some((name, value)) = case.choose("variable", &variables).split_once('=') {
        case.set(name, value);
    }
}

/// Our plugin in the project, links first on PATH, or nothing of ours.
fn ours(case: &mut Case) {
    let sandbox = &case.machine.sandbox;
    match case.random.usize(..4) {
        0 => {
            let _ = sandbox.run("codeartifact", &["setup", "npm", "--no-test"]);
            let links = sandbox.path("home/.local/share/codeartifact/shims");
            let path = std::env::join_paths([links, sandbox.path("bin")]).unwrap();
            case.set("PATH", path.to_str().unwrap());
            case.note("ours", "links");
        }
        1 => {
            case.note("ours", "nothing");
        }
        _ => {
            let _ = sandbox.run("codeartifact", &["setup", "yarn", "--no-test"]);
            case.note("ours", "the plugin");
        }
    }
}
