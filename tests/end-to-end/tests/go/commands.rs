//! The commands of go that load modules, each as a developer types it, from one repository and its upstream.

use codeartifact_end_to_end::Sandbox;

use super::*;

const GREETED: &str = "Hello, Ada!\n";

#[test]
fn get_of_one_version_then_of_the_newest_with_its_dependency() {
    with_each_go(|sandbox, emulator| {
        write_program(&sandbox, "work");
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting@v1.0.0"])
            .succeeded();
        assert_eq!(sandbox.run("go", &["run", "."]).succeeded().stdout, GREETED);
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting"])
            .succeeded();
        assert_eq!(sandbox.run("go", &["run", "."]).succeeded().stdout, GREETED);
        let modules = sandbox.run("go", &["list", "-m", "all"]).succeeded().stdout;
        let expected = "example.com/work\nexample.com/private/greeting v1.1.0\nexample.com/private/words v1.0.0\n";
        assert_eq!(modules, expected);
        assert_one_mint(&emulator);
    });
}

#[test]
fn module_of_the_upstream() {
    with_each_go(|sandbox, emulator| {
        let _ = download(&sandbox, &["example.org/punctuation@v1.2.0", WORDS]).succeeded();
        let journal = emulator.journal();
        let zips = journal.of("go:zip");
        assert!(
            zips.iter().all(|zip| zip.path.starts_with("/go/my-repo/")),
            "{zips:#?}"
        );
        assert_eq!(zips.len(), 2);
        assert_one_mint(&emulator);
    });
}

#[test]
fn list_of_newer_versions() {
    with_each_go(|sandbox, emulator| {
        write_program(&sandbox, "work");
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting@v1.0.0"])
            .succeeded();
        let list = sandbox.run("go", &["list", "-m", "-u", "all"]).succeeded();
        assert_eq!(
            list.stdout,
            "example.com/work\nexample.com/private/greeting v1.0.0 [v1.1.0]\n"
        );
        assert_one_mint(&emulator);
    });
}

#[test]
fn install_of_a_tool() {
    with_each_go(|sandbox, emulator| {
        let _ = sandbox
            .run("go", &["install", "example.com/private/hello@v1.0.0"])
            .succeeded();
        let tool = sandbox.path("home/go/bin/hello").display().to_string();
        assert_eq!(sandbox.run(&tool, &["Ada"]).succeeded().stdout, GREETED);
        assert_one_mint(&emulator);
    });
}

#[test]
fn workspace_of_two_programs() {
    with_each_go(|sandbox, emulator| {
        for program in ["one", "two"] {
            write_program(&sandbox, &format!("work/{program}"));
            require(
                &sandbox,
                &format!("work/{program}"),
                "example.com/private/greeting v1.1.0",
            );
        }
        let _ = sandbox
            .run("go", &["work", "init", "./one", "./two"])
            .succeeded();
        for program in ["./one", "./two"] {
            assert_eq!(
                sandbox.run("go", &["run", program]).succeeded().stdout,
                GREETED
            );
        }
        assert_one_mint(&emulator);
    });
}

/// With the modules in the program's own folder nobody is asked for anything.
#[test]
fn vendor_directory() {
    with_each_go(|mut sandbox, emulator| {
        write_program(&sandbox, "work");
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting"])
            .succeeded();
        let _ = sandbox.run("go", &["mod", "vendor"]).succeeded();
        let _ = sandbox.run("codeartifact", &["logout"]).succeeded();
        empty_module_cache(&mut sandbox);
        let before = emulator.journal().0.len();
        let run = sandbox.run("go", &["run", "."]).succeeded();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (GREETED, ""));
        assert_eq!(emulator.journal().0.len(), before, "nobody was asked");
    });
}

#[test]
fn go_mod_that_is_completed_on_the_way() {
    with_each_go(|mut sandbox, emulator| {
        write_program(&sandbox, "work");
        sandbox.set("GOFLAGS", "-modcacherw -mod=mod");
        assert_eq!(sandbox.run("go", &["run", "."]).succeeded().stdout, GREETED);
        let go_mod = sandbox.read("work/go.mod");
        assert!(
            go_mod.contains("example.com/private/greeting v1.1.0"),
            "{go_mod}"
        );
        assert_one_mint(&emulator);
    });
}

fn require(sandbox: &Sandbox, folder: &str, requirement: &str) {
    let file = format!("{folder}/go.mod");
    sandbox.write(
        &file,
        &format!("{}\nrequire {requirement}\n", sandbox.read(&file)),
    );
}

#[track_caller]
fn assert_one_mint(emulator: &Emulator) {
    let journal = emulator.journal();
    assert_eq!(
        (journal.mints(), journal.aws().len()),
        (1, 3),
        "{:#?}",
        journal.aws()
    );
    assert_tokens_presented(&journal, 1);
}
