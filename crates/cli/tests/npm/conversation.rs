//! Each way to call the program, by its exit code, its two streams and what it leaves in `.npmrc`.

use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::{fs, thread, time};

use crate::sandbox::{HOST, Outcome, Sandbox};

const REGISTRY: &str = "registry=https://H/npm/my-repo/\n";
const LINE: &str = "//H/npm/my-repo/:_authToken=T\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("project/.npmrc", REGISTRY);
    sandbox
}

#[track_caller]
fn assert_ends(outcome: &Outcome, code: i32, output: &str, errors: &str) {
    assert_eq!(outcome.code, Some(code), "{outcome:?}");
    assert_eq!(outcome.output, output, "{outcome:?}");
    assert_eq!(outcome.errors, errors, "{outcome:?}");
}

#[test]
fn a_token_line_is_written_once() {
    let sandbox = project();
    assert_ends(
        &sandbox.run(""),
        0,
        "",
        "codeartifact-npm: fresh tokens are in ~/.npmrc\n",
    );
    assert_eq!(sandbox.read(".npmrc"), LINE);
    let before = fs::metadata(sandbox.path(".npmrc")).unwrap();
    thread::sleep(time::Duration::from_millis(20));
    assert_ends(&sandbox.run(""), 0, "", "");
    let after = fs::metadata(sandbox.path(".npmrc")).unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
    assert_eq!(after.mode() & 0o777, 0o600);
}

#[test]
fn check_writes_nothing_and_says_what_is_due() {
    let sandbox = project();
    let due = "codeartifact-npm: a token is due for https://H/npm/my-repo/\n";
    assert_ends(&sandbox.run("--check"), 1, "", due);
    assert!(!sandbox.path(".npmrc").exists());
    let _ = sandbox.run("");
    assert_ends(&sandbox.run("--check"), 0, "", "");
    sandbox.write(".npmrc", "//H/npm/my-repo/:_authToken=stale\n");
    assert_ends(&sandbox.run("--check"), 1, "", due);
}

#[test]
fn print_shows_no_more_than_four_characters() {
    let sandbox = project();
    assert_ends(
        &sandbox.run("--print"),
        0,
        "//H/npm/my-repo/:_authToken=…abcd\n",
        "",
    );
    assert!(!sandbox.path(".npmrc").exists());
}

#[test]
fn logout_leaves_what_was_there_before() {
    let sandbox = project();
    sandbox.write(".npmrc", "# mine\nfund=false");
    let _ = sandbox.run("");
    assert_eq!(
        sandbox.read(".npmrc"),
        format!("# mine\nfund=false\n{}", LINE.trim_end())
    );
    let gone = "codeartifact-npm: the CodeArtifact tokens are gone from ~/.npmrc\n";
    assert_ends(&sandbox.run("--logout"), 0, "", gone);
    assert_eq!(sandbox.read(".npmrc"), "# mine\nfund=false");
    let none = "codeartifact-npm: there is no CodeArtifact token in ~/.npmrc\n";
    assert_ends(&sandbox.run("--logout"), 0, "", none);
}

#[test]
fn verbose_says_where_each_registry_is_named() {
    let sandbox = project();
    sandbox.write(
        "project/.yarnrc.yml",
        "npmRegistryServer: https://H/npm/other/\n",
    );
    let said = "\
        codeartifact-npm: https://H/npm/other/ is named in ~/project/.yarnrc.yml:1\n\
        codeartifact-npm: https://H/npm/my-repo/ is named in ~/project/.npmrc:1\n\
        codeartifact-npm: tokens are written to ~/.npmrc\n\
        codeartifact-npm: Yarn from 2 on reads no .npmrc: run `codeartifact setup yarn` once, \
        or `codeartifact-npm exec -- yarn …`\n\
        codeartifact-npm: fresh tokens are in ~/.npmrc\n";
    assert_ends(&sandbox.run("--verbose"), 0, "", said);
    assert_eq!(
        sandbox.read(".npmrc"),
        format!("//H/npm/other/:_authToken=T\n{LINE}")
    );
}

#[test]
fn a_project_without_codeartifact_is_no_failure() {
    let sandbox = Sandbox::new();
    let said = "codeartifact-npm: neither this project nor your own configuration names a CodeArtifact registry\n";
    assert_ends(&sandbox.run(""), 0, "", said);
    // A gate that has nothing to check must not pass.
    assert_ends(&sandbox.run("--check"), 3, "", said);
}

#[test]
fn a_token_in_the_project_is_reported_and_left_alone() {
    let sandbox = Sandbox::new();
    let text = format!("{REGISTRY}//H/npm/my-repo/:_authToken=committed\n");
    sandbox.write("project/.npmrc", &text);
    let said = "\
        codeartifact-npm: ~/project/.npmrc:2 has a token of its own for //H/npm/my-repo/, which wins over the fresh one \
        and may get committed; delete that line\n\
        codeartifact-npm: fresh tokens are in ~/.npmrc\n";
    assert_ends(&sandbox.run(""), 0, "", said);
    assert_eq!(sandbox.read("project/.npmrc"), text);
}

#[test]
fn exec_becomes_the_command_with_its_exit_code() {
    let sandbox = project();
    sandbox.program("bin", "npm", "echo \"$0 $*\"; echo $$; exit 7");
    let mut child = sandbox.command(
        Path::new(env!("CARGO_BIN_EXE_codeartifact-npm")),
        "exec -- npm ci --silent",
    );
    let child = child.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let program = sandbox.path("bin/npm").display().to_string();
    assert_eq!(
        said,
        format!("{program} ci --silent\n{id}\n"),
        "the same process"
    );
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(sandbox.read(".npmrc"), LINE);
}

#[test]
fn exec_without_a_file_hands_the_token_over_in_memory() {
    let sandbox = project();
    sandbox.write(".npmrc", "fund=false\n");
    let show = "cat \"$npm_config_userconfig\"; sh -c 'cat \"$npm_config_userconfig\"'; env | grep -ci userconfig";
    sandbox.program("bin", "npm", show);
    let mut command = sandbox.command(
        Path::new(env!("CARGO_BIN_EXE_codeartifact-npm")),
        "exec --no-file -- npm ci",
    );
    command.env("NPM_CONFIG_USERCONFIG", sandbox.path(".npmrc"));
    let outcome = sandbox.finish(command);
    let text = format!("fund=false\n{LINE}");
    assert_ends(&outcome, 0, &format!("{text}{text}1\n"), "");
    assert_eq!(sandbox.read(".npmrc"), "fund=false\n");
}

#[test]
fn linked_as_npm_it_becomes_the_next_npm() {
    let sandbox = project();
    sandbox.program("bin", "npm", "echo \"the real one: $*\"");
    fs::create_dir(sandbox.path("shims")).unwrap();
    symlink(
        env!("CARGO_BIN_EXE_codeartifact-npm"),
        sandbox.path("shims/npm"),
    )
    .unwrap();
    let shim =
        |arguments: &str| sandbox.finish(sandbox.command(&sandbox.path("shims/npm"), arguments));
    assert_ends(&shim("run build"), 0, "the real one: run build\n", "");
    assert!(!sandbox.path(".npmrc").exists(), "a script needs no token");
    assert_ends(&shim("ci"), 0, "the real one: ci\n", "");
    assert_eq!(sandbox.read(".npmrc"), LINE);
}

#[test]
fn linked_as_pnpm_it_leaves_to_the_helper_what_has_one() {
    let sandbox = project();
    sandbox.program("bin", "pnpm", "echo it runs");
    let helper = format!("//{HOST}/npm/my-repo/:tokenHelper=/x\n");
    fs::write(sandbox.path(".npmrc"), &helper).unwrap();
    let outcome = sandbox.run("exec -- pnpm install");
    assert_ends(&outcome, 0, "it runs\n", "");
    assert_eq!(fs::read_to_string(sandbox.path(".npmrc")).unwrap(), helper);
}

#[test]
fn without_a_real_one_the_shell_s_exit_code_says_so() {
    let sandbox = project();
    let said = "codeartifact-npm: no other `no-such-program` is on PATH\n";
    assert_ends(&sandbox.run("exec -- no-such-program"), 127, "", said);
}

#[test]
fn a_failed_refresh_fails_alone_but_not_before_a_command() {
    let mut sandbox = project();
    sandbox.write("broken.toml", "[nonsense");
    sandbox.set(
        "CODEARTIFACT_CONFIG",
        sandbox.path("broken.toml").to_str().unwrap(),
    );
    sandbox.program("bin", "npm", "echo it runs");
    let alone = sandbox.run("");
    assert_eq!(alone.code, Some(3), "{alone:?}");
    assert!(alone.errors.starts_with("codeartifact-npm: "), "{alone:?}");
    let before = sandbox.run("exec -- npm ci");
    assert_ends(&before, 0, "it runs\n", &alone.errors);
}

#[test]
fn a_hook_that_comes_too_late_says_so_when_it_wrote() {
    for (event, late) in [("preinstall", true), ("npx", false)] {
        let mut sandbox = project();
        sandbox.set("npm_lifecycle_event", event);
        let said = sandbox.run("").errors;
        assert_eq!(
            said.contains("had read its configuration before"),
            late,
            "{event}: {said}"
        );
        assert_eq!(sandbox.run("").errors, "", "{event}");
    }
}

#[test]
fn wrong_arguments_get_a_hint() {
    let outcome = Sandbox::new().run("--chekc");
    let said = "codeartifact-npm: unexpected argument `--chekc`\n  hint: codeartifact-npm --help\n";
    assert_ends(&outcome, 2, "", said);
}
