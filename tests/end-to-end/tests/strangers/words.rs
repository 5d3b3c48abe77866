//! Words of strangers on a terminal: AWS's codes, messages and numbers, which a proxy in between can make up.

use codeartifact_end_to_end::fixture::{self, two_hops};

/// Clears the screen, names the window, forges a line, and turns the direction of reading.
const CODE: &str = "Acc\u{1b}]0;PWNED\u{7}\u{1b}[31mess\u{202e}\r\nFORGED LINE:";
const MESSAGE: &str = "no \u{1b}[2J\u{9b}31m way\u{2066}\u{200b} \u{85}end";

#[test]
fn what_aws_says_is_clean_everywhere() {
    for action in ["sts", "codeartifact"] {
        let (mut sandbox, emulator) = two_hops();
        let fault = serde_json::json!({
            "fault": "refuse", "action": action, "status": 400, "code": CODE, "message": MESSAGE,
        });
        emulator.fault(&fault.to_string());
        let log = sandbox.path("log");
        sandbox.set("CODEARTIFACT_LOG", log.display().to_string());
        sandbox.set("GOPROXY", fixture::GO);
        sandbox.write("work/.npmrc", &format!("registry={}\n", fixture::NPM));
        let commands: [(&str, &[&str]); 7] = [
            ("keyring", &["get", fixture::PYPI, "aws"]),
            ("codeartifact-npm", &[]),
            ("codeartifact-goauth", &[]),
            ("codeartifact", &["token", fixture::PYPI]),
            ("codeartifact", &["test", "acme"]),
            ("codeartifact", &["test", "acme", "--format", "json"]),
            ("codeartifact", &["status"]),
        ];
        let mut said = String::new();
        for (program, arguments) in commands {
            let outcome = sandbox.run(program, arguments);
            said += &outcome.stdout;
            said += &outcome.stderr;
        }
        assert!(said.contains("PWNED") || said.contains("answer"), "{said}");
        said += &sandbox.read("log");
        said += &sandbox.read("home/.local/state/codeartifact/failures.jsonl");
        let is_obeyed =
            |it: &char| it.is_control() && *it != '\n' || "\u{202e}\u{2066}\u{200b}".contains(*it);
        let found: Vec<_> = said.chars().filter(is_obeyed).collect();
        assert!(found.is_empty(), "{action}: {found:?} in {said}");
        assert!(!said.contains("\nFORGED"), "{said}");
    }
}

/// A project's settings, a program's words.
#[test]
fn what_a_project_says_is_clean_too() {
    let (sandbox, _emulator) = two_hops();
    let evil = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/n\u{1b}[2Jpm/a\u{202e}b/x";
    sandbox.write("work/.npmrc", &format!("registry={evil}\n@a:registry=http://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/\u{1b}[2J/\n"));
    let outcome = sandbox.run("codeartifact-npm", &["--verbose"]);
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}
