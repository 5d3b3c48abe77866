//! Which token Maven gets, and for whom: one of its time, by the URL alone, or the reason why there is none.

use super::*;

/// A build that is longer than a token, in one process as in a daemon's: while Maven waits for the versions that there
/// are, the token that it has grows old. All at once, for each waits as long as the extension keeps a token.
#[test]
fn an_expired_token_is_replaced_within_a_run() {
    let machines = machines();
    thread::scope(|scope| {
        for machine in &machines {
            scope.spawn(|| machine.outlives_a_token());
        }
    });
}

impl Machine {
    fn outlives_a_token(&self) {
        self.setup();
        self.write_project(&(repository() + &dependency("my-artifact", "[1.0,2.0)")));
        let _ = token(&self.sandbox, "maven");
        let slow =
            r#"{"fault": "delay", "action": "maven:metadata", "milliseconds": 32000, "times": 1}"#;
        self.emulator.fault(slow);
        thread::scope(|scope| {
            let built = scope.spawn(|| self.package());
            self.emulator.wait_until("asked", |journal| {
                let mut opened = journal.of("connect").into_iter();
                opened.any(|it| it.host == HOST)
            });
            kept::age(&self.sandbox, 12 * 3600);
            let _ = built.join().unwrap().succeeded();
        });
        assert_mints(&self.emulator, 2);
    }
}

/// No project can lead a token away by an id, and no old password stays in use.
#[test]
fn the_url_decides_and_not_an_id_or_an_old_password() {
    let Some(machine) = machines().into_iter().next() else {
        return;
    };
    machine.setup();
    machine.sandbox.write(
        "home/.m2/settings.xml",
        "<settings><servers><server><id>acme</id><username>aws</username><password>old</password></server></servers></settings>",
    );
    machine.write_project(&(repository() + &dependency("my-artifact", "1.0.0")));
    let _ = machine.package().succeeded();
    assert_mints(&machine.emulator, 1);
    let foreign = repository().replace(HOST, "repo.example.com");
    machine.write_project(&(foreign + &dependency("my-other-artifact", "7.0.0")));
    let _ = machine.package().failed();
    let journal = machine.emulator.journal();
    let mut foreign = journal.of("refused").into_iter();
    assert!(foreign.all(|it| it.authorization.is_none()), "{journal:#?}");
    assert_eq!(journal.mints(), 1);
}

#[test]
fn a_failure_is_told_by_maven() {
    let Some(mut machine) = machines().into_iter().next() else {
        return;
    };
    machine.setup();
    machine.sandbox.set("AWS_SECRET_ACCESS_KEY", "another");
    machine.write_project(&(repository() + &dependency("my-artifact", "1.0.0")));
    let _ = machine
        .package()
        .failed()
        .says(&["codeartifact-bazel: ", "hint: "]);
}
