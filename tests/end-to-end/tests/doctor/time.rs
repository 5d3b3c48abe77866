//! How long it takes: a client that hangs is ended, and a machine with every client is looked at while one waits.

use std::time::{Duration, Instant};

use super::*;

/// A client is ended after 15 s; what else there is to do takes less than this on a slow machine.
const BESIDES: Duration = Duration::from_secs(15);

#[test]
fn a_client_that_hangs_is_ended() {
    let mut machine = Machine::new();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine
        .sandbox
        .write_program("bin/pip", "#!/bin/sh\necho $$ >> ../pids\nexec sleep 600\n");
    machine
        .sandbox
        .link("sleep", std::path::Path::new("/bin/sleep"));
    let began = Instant::now();
    machine.is_told("pip", "had sent no good token after 15 s", "");
    let took = began.elapsed();
    assert!(took > Duration::from_secs(15), "{took:?}");
    assert!(took < Duration::from_secs(15) + BESIDES, "{took:?}");
    let pids = machine.sandbox.read("pids");
    for pid in pids.lines() {
        let state = std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
        assert!(state.unwrap_or_default().is_empty(), "{pid} still runs");
    }
}
