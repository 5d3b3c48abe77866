//! A person at a terminal: a pseudo-terminal of Python's, on which a line is typed whenever the program waits for one.

use crate::outcome::Outcome;
use crate::sandbox::Sandbox;

/// Runs a program at a terminal and types a line whenever it waits for one.
const AT_A_TERMINAL: &str = r#"
import os, pty, sys
answers = sys.stdin.read().split("\n")
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
said = b""
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
    if said.endswith((b": ", b"[Y/n] ")):
        os.write(terminal, (answers.pop(0) + "\n").encode() if answers else b"\x04")
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

/// Runs `codeartifact` there; `answers` are typed one line at a time, and then the end of input.
pub fn run(sandbox: &Sandbox, arguments: &[&str], answers: &str) -> Outcome {
    run_program(sandbox, "codeartifact", arguments, answers)
}

/// The same with another program.
pub fn run_program(sandbox: &Sandbox, program: &str, arguments: &[&str], answers: &str) -> Outcome {
    let command = ["-c", AT_A_TERMINAL, program];
    sandbox.feed("python3", &[&command, arguments].concat(), answers)
}

/// A browser that answers whatever sign-in it is shown: `""` confirms, `"&answer=deny"` does not. It notes the page in `opened`.
pub fn confirming_browser(sandbox: &Sandbox, answer: &str) {
    let script = format!(
        "#!/usr/bin/env python3\nimport os, sys, urllib.request\n\
         open({:?}, 'a').write(sys.argv[1])\nurllib.request.urlopen(sys.argv[1] + '{answer}').read()\n",
        sandbox.path("opened").display().to_string()
    );
    sandbox.link("env", std::path::Path::new("/usr/bin/env"));
    sandbox.write_program("bin/xdg-open", &script);
}
