//! Installs the private package with each client as a user does: nothing but the client's documented configuration.
//! Each function returns the outcome of its last step, or of the first one that failed.

use crate::outcome::Outcome;
use crate::programs;
use crate::sandbox::Sandbox;

/// The words of every installed package when it is used for Ada.
pub const GREETING: &str = "Hello, Ada!";

const PYTHON_GREETS: &str = "import my_package; print(my_package.greet('Ada'))";
/// The program of the demo.
const GO_PROGRAM: &str = include_str!("../../../install/demo/main.go");

/// `pip install` into a virtual environment, and an import.
pub fn pip(sandbox: &mut Sandbox, index: &str) -> Outcome {
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    sandbox.set("PIP_INDEX_URL", index);
    sandbox.set("PIP_NO_INPUT", "1");
    let python = virtual_environment(sandbox);
    let steps: [(&str, &[&str]); 2] = [
        ("pip", &["--python", &python, "install", "my-package"]),
        (&python, &["-c", PYTHON_GREETS]),
    ];
    first_failure_or_last(sandbox, &steps)
}

/// `codeartifact-npm`, then `npm install`, and a `require`.
pub fn npm(sandbox: &Sandbox, registry: &str) -> Outcome {
    node(sandbox, registry, "npm", "install")
}

/// `codeartifact-npm`, then any client that reads `.npmrc`, and a `require`.
pub fn node(sandbox: &Sandbox, registry: &str, client: &str, verb: &str) -> Outcome {
    sandbox.write("work/.npmrc", &format!("registry={registry}\n"));
    sandbox.write("work/package.json", "{\"private\": true}\n");
    let greet = "console.log(require('my-package').greet('Ada'))";
    let steps: [(&str, &[&str]); 3] = [
        ("codeartifact-npm", &[]),
        (client, &[verb, "my-package"]),
        ("node", &["-e", greet]),
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

/// The Python of a new virtual environment in the working folder.
fn virtual_environment(sandbox: &Sandbox) -> String {
    let made = sandbox.run("python3", &["-m", "venv", "--without-pip", "venv"]);
    let _ = made.succeeded();
    sandbox.path("work/venv/bin/python").display().to_string()
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
