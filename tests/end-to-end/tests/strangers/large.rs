//! Files of a hostile project that are regular and hold no secret, and that a careless reader needs an hour or all the memory
//! for. Each program ends soon, within half a gigabyte.

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::two_hops;

use crate::soon;

/// As much address space as a program may have, in kilobytes.
const MEMORY: u32 = 512 * 1024;
/// Below the size from which a settings file is not read at all.
const LARGE: usize = 1_000_000;
const LARGER: usize = 30_000_000;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// A text of about a length.
type Text = fn(usize) -> String;

fn many(length: usize, piece: &str) -> String {
    piece.repeat(length / piece.len())
}

fn numbered(length: usize, piece: fn(usize) -> String) -> String {
    (0..length / piece(0).len()).map(piece).collect()
}

const SETTINGS: [(&str, Text); 11] = [
    (".npmrc", |length| {
        numbered(length, |it| {
            format!("@s{it}:registry=https://{HOST}/npm/r{it}/\n")
        })
    }),
    (".npmrc", |length| {
        many(
            length,
            &format!("//{HOST}/npm/r/:_authToken=${{MY_TOKEN}}\n"),
        )
    }),
    (".npmrc", |length| many(length, "registry=${A}${")),
    (".npmrc", |length| many(length, "\n")),
    (".yarnrc.yml", |length| many(length, ".codeartifact.")),
    (".yarnrc.yml", |length| {
        numbered(length, |it| {
            format!("npmScopes:\n  s{it}:\n    npmRegistryServer: \"https://{HOST}/npm/r{it}/\"\n")
        })
    }),
    (".yarnrc.yml", |length| {
        format!("a: ${{MY_TOKEN}}\n{}", many(length, " *a"))
    }),
    (".yarnrc.yml", |length| many(length, "a: {\"")),
    ("bunfig.toml", |length| format!("a = {}", many(length, "["))),
    ("bunfig.toml", |length| {
        format!("a = {}", many(length, "{a="))
    }),
    ("pnpm-workspace.yaml", |length| many(length, "proxy \\ ")),
];

const LISTS: [(&str, Text); 3] = [
    ("package-lock.json", |length| many(length, ".codeartifact.")),
    ("package.json", |length| many(length, "{\"a\":")),
    ("yarn.lock", |length| {
        numbered(length, |it| {
            format!("https://d{it}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/r/x\n")
        })
    }),
];

const PYTHON: [(&str, Text); 4] = [
    ("pyproject.toml", |length| {
        format!("a = {}", many(length, "["))
    }),
    ("pyproject.toml", |length| many(length, "[a.a]\n")),
    ("pyproject.toml", |length| {
        numbered(length, |it| {
            format!(
                "[[tool.uv.index]]\nname = \"a{it}\"\nurl = \"https://{HOST}/pypi/r/simple/\"\n"
            )
        })
    }),
    ("uv.toml", |length| format!("a{} = 1\n", many(length, ".a"))),
];

fn try_each(sandbox: &Sandbox, files: &[(&str, Text)], length: usize, commands: &[&str]) {
    for (at, (file, text)) in files.iter().enumerate() {
        sandbox.write(&format!("work/{file}"), &text(length));
        for command in commands {
            let script = format!("ulimit -v {MEMORY}; exec {command}");
            let what = format!("{file}, the {at}.: {command}");
            let outcome = soon(&what, || sandbox.run("sh", &["-c", &script]));
            assert!(outcome.code.is_some(), "{what}: {outcome:?}");
        }
        std::fs::remove_file(sandbox.path(&format!("work/{file}"))).unwrap();
    }
}

#[test]
fn a_large_file_of_settings_costs_seconds() {
    let (sandbox, _emulator) = two_hops();
    let npm = ["codeartifact-npm exec -- sh -c true"];
    try_each(&sandbox, &SETTINGS, LARGE, &npm);
    try_each(&sandbox, &SETTINGS[..1], LARGER, &npm);
}

#[test]
fn a_large_list_of_packages_costs_seconds() {
    let (sandbox, _emulator) = two_hops();
    sandbox.write(
        "work/.npmrc",
        &format!("registry=https://{HOST}/npm/my-repo/\n"),
    );
    try_each(&sandbox, &LISTS, LARGE, &["codeartifact-npm"]);
    try_each(&sandbox, &LISTS, LARGER, &["codeartifact-npm"]);
}

#[test]
fn a_large_python_project_costs_seconds() {
    let (sandbox, _emulator) = two_hops();
    let exec = ["codeartifact exec --connection acme -- sh -c true"];
    try_each(&sandbox, &PYTHON, LARGE / 5, &exec);
}

/// A file that was not read could name the attacker's proxy, or carry the token to his host.
#[test]
fn where_settings_are_too_large_no_token_is_handed_out() {
    let (sandbox, _emulator) = two_hops();
    sandbox.write(
        "work/.yarnrc.yml",
        &format!("npmRegistryServer: \"https://{HOST}/npm/my-repo/\"\n"),
    );
    sandbox.write("work/.npmrc", &many(2_000_000, "; nothing\n"));
    for words in [&["exec", "--", "sh", "-c", "echo ran"][..], &[]] {
        let refused = sandbox.run("codeartifact-npm", words).exited(2);
        assert_eq!(refused.stdout, "");
        let _ = refused.says(&[".npmrc is too large to be read", "hint: "]);
    }
}
