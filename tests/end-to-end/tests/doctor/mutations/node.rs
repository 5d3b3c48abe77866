//! npm, pnpm, Yarn 1 and Bun: versions, where the registry is named, which token is beside it, and links.

use super::*;

pub(super) fn case(number: usize) -> Case {
    let mut case = Case::new(number, Machine::new());
    case.machine.write(
        "work/package.json",
        "{\"name\": \"p\", \"version\": \"1.0.0\", \"private\": true}\n",
    );
    let (folder, command) = client(&mut case);
    // Neither depends on another one, which may come from another registry.
    let package = case.choose("package", &["numbered-01", "@my-scope/my-package"]);
    // Yarn 1 sends a token for a scope's packages even where it sends none for others, which the doctor asks for.
    let package = Some(package).filter(|_| command != "yarn");
    let package = package.unwrap_or("numbered-01");
    registry(&mut case);
    tokens(&mut case, command);
    links(&mut case);
    let verb = match command {
        "npm" => "install",
        _ => "add",
    };
    let mut install = vec![command, verb, package];
    if folder == "npm" || folder == "npm-10" {
        install.push("--no-save");
    }
    case.tries(command, &install);
    case
}

fn client(case: &mut Case) -> (&'static str, &'static str) {
    let clients = [
        "npm", "npm-10", "pnpm", "pnpm-10", "pnpm-9", "bun", "yarn-1",
    ];
    let folder = case.choose_evenly("client", &clients);
    let command = match folder.split_once('-') {
        Some((command, _)) => command,
        None => folder,
    };
    case.machine.sandbox.client(folder, command);
    (folder, command)
}

fn registry(case: &mut Case) {
    let urls = [
        "https://HOST/npm/my-repo/",
        "https://HOST/npm/my-repo",
        "https://HOST:443/npm/my-repo/",
        "https://registry.example.com/",
    ];
    let url = case.choose("registry", &urls);
    let places = ["project", "user", "variable", "both", "userconfig"];
    let line = format!("registry={url}\n");
    match case.choose_evenly("place", &places) {
        "project" => case.machine.write("work/.npmrc", &line),
        "user" => case.machine.write("home/.npmrc", &line),
        "userconfig" => {
            case.machine.write("home/other", &line);
            let file = case
                .machine
                .sandbox
                .path("home/other")
                .display()
                .to_string();
            case.set("NPM_CONFIG_USERCONFIG", &file);
        }
        "both" => {
            case.machine.write("home/.npmrc", &line);
            case.machine
                .write("work/.npmrc", "registry=https://HOST/npm/my-repo/\n");
        }
        _ => case.set("npm_config_registry", url),
    }
    let scope = case.choose(
        "scope",
        &[
            "",
            "@my-scope:registry=https://registry.example.com/\n",
            "@my-scope:registry=https://HOST/npm/my-repo/\n",
        ],
    );
    add(case, "work/.npmrc", scope);
}

/// Fresh ones by our helper, then what is put beside them.
fn tokens(case: &mut Case, command: &str) {
    if case.choose("codeartifact-npm", &["runs", "does not"]) == "runs" {
        let _ = case.machine.sandbox.run("codeartifact-npm", &[]);
    }
    let lines = [
        "",
        "//HOST/npm/my-repo/:_authToken=OLD\n",
        "//HOST/npm/my-repo/:_authToken=${UNSET}\n",
        "//HOST/npm/my-repo/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n",
        "//HOST/npm/my-repo/:_authToken=GOOD\n",
        "//HOST/:_authToken=GOOD\n",
        "//HOST/npm/my-repo/:always-auth=true\n",
        "//HOST:443/npm/my-repo/:_authToken=OLD\n",
        "_authToken=OLD\n",
    ];
    let line = case.choose("line", &lines);
    let file = case.choose_evenly("in", &["work/.npmrc", "home/.npmrc"]);
    let good = token(&case.machine);
    add(case, file, &line.replace("GOOD", &good));
    if command == "pnpm" {
        let auth = case.choose("auth.ini", &["", "//HOST/npm/my-repo/:_authToken=OLD\n"]);
        add(case, "home/.config/pnpm/auth.ini", auth);
    }
}

fn add(case: &Case, file: &str, line: &str) {
    let path = case.machine.sandbox.path(file);
    let before = std::fs::read_to_string(path).unwrap_or_default();
    if !line.is_empty() {
        case.machine.write(file, &format!("{before}{line}"));
    }
}

/// Links first on PATH, behind the client, or not at all.
fn links(case: &mut Case) {
    let how = case.choose_evenly("links", &["", "", "first", "behind"]);
    if how.is_empty() {
        return;
    }
    let _ = case
        .machine
        .sandbox
        .run("codeartifact", &["setup", "npm", "--no-test"]);
    let links = case
        .machine
        .sandbox
        .path("home/.local/share/codeartifact/shims");
    let bin = case.machine.sandbox.path("bin");
    let folders = match how {
        "first" => [links, bin],
        _ => [bin, links],
    };
    let path = std::env::join_paths(folders).unwrap();
    case.machine.sandbox.set("PATH", path.to_str().unwrap());
}
