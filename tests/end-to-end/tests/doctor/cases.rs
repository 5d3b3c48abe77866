//! Situations that people have reported, and in which a check of settings said that all is well: here the client's own
//! command fails, and the doctor says why. Those that belong to one setting alone are beside their client.

mod beside;
mod node;
mod python;

use super::*;

const INDEX: &str = "https://aws@HOST/pypi/my-repo/simple/";
const PIP: [&str; 5] = ["pip", "install", "--no-deps", "--target=t", "my-package"];

/// A machine of a Python client, whose settings are files alone.
fn machine(folder: &str, command: &str) -> Machine {
    let mut machine = Machine::with(folder, command);
    machine.sandbox.unset("PIP_CONFIG_FILE");
    machine.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    machine
}
