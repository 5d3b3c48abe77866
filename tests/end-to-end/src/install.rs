//! How a user installs the private package with each client: nothing but the client's documented configuration.
//! Each function returns the outcome of its last step, or of the first one that failed.

use crate::outcome::Outcome;
use crate::programs;
use crate::sandbox::Sandbox;

/// What every installed package says when it is used for Ada.
pub const GREETING: &str = "Hello, Ada!";

const PYTHON: &str = "venv/bin/python";
const GO_PROGRAM: &str = r#"package main

import (
	"os"

	"example.com/private/greeting"
)

func main() { os.Stdout.WriteString(greeting.For("Ada") + "\n") }
"#;

/// `pip install` into a virtual environment, and an import.
pub fn pip(sandbox: &mut Sandbox, index: &str) -> Outcome {
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    let _ = sandbox
        .run("python3", &["-m", "venv", "--without-pip", "venv"])
        .succeeded();
    let python = sandbox.path("work").join(PYTHON).display().to_string();
    let arguments = [
        "--python",
        &python,
        "install",
        "--force-reinstall",
        "--no-input",
    ];
    let install = sandbox.run(
        "pip",
        &[&arguments[..], &["--index-url", index, "my-package"]].concat(),
    );
    if install.code != Some(0) {
        return install;
    }
    sandbox.run(
        &python,
        &["-c", "import my_package; print(my_package.greet('Ada'))"],
    )
}

/// `codeartifact-npm`, then `npm install`, and a `require`.
pub fn npm(sandbox: &Sandbox, registry: &str) -> Outcome {
    sandbox.write("work/.npmrc", &format!("registry={registry}\n"));
    sandbox.write("work/package.json", "{\"private\": true}\n");
    let steps: [(&str, &[&str]); 3] = [
        ("codeartifact-npm", &[]),
        ("npm", &["install", "my-package"]),
        (
            "node",
            &["-e", "console.log(require('my-package').greet('Ada'))"],
        ),
    ];
    first_failure_or_last(sandbox, &steps)
}

/// `go build` of a program that imports the private module, and its run.
pub fn go(sandbox: &mut Sandbox, proxy: &str) -> Outcome {
    sandbox.set("GOPROXY", proxy);
    sandbox.set("GOAUTH", "codeartifact-goauth");
    // The standard library is compiled once for all tests: the cache goes by content.
    let cache = programs::repository().join("tests/.clients/.cache/go-build");
    sandbox.set("GOCACHE", cache.display().to_string());
    // So that the sandbox can be taken away by anybody.
    sandbox.set("GOFLAGS", "-modcacherw");
    sandbox.write("work/go.mod", "module example.com/my-program\n\ngo 1.24\n");
    sandbox.write("work/main.go", GO_PROGRAM);
    let program = sandbox.path("work/my-program").display().to_string();
    let steps: [(&str, &[&str]); 3] = [
        ("go", &["get", "example.com/private/greeting"]),
        ("go", &["build"]),
        (&program, &[]),
    ];
    first_failure_or_last(sandbox, &steps)
}

fn first_failure_or_last(sandbox: &Sandbox, steps: &[(&str, &[&str])]) -> Outcome {
    let (last, before) = steps.split_last().expect("at least one step");
    for (program, arguments) in before {
        let outcome = sandbox.run(program, arguments);
        if outcome.code != Some(0) {
            return outcome;
        }
    }
    sandbox.run(last.0, last.1)
}
