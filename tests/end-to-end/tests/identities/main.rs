//! The AWS CLI and ours on the same home, side by side: who asked is read from the emulator's journal, never from what
//! a program prints. Where the two differ on purpose, the row says why.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod explicit;
mod files;
mod instances;
mod kept;
mod lines;
mod logins;
mod precedence;
mod role_settings;
mod roles;
mod sections;
mod sources;
mod values;
mod variables;
mod web_identities;

use std::fs;
use std::path::Path;

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, NPM, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Emulator, Journal, Sandbox};

/// A home, and who is asked for a token in it.
struct Row {
    what: &'static str,
    config: &'static str,
    credentials: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// Other files of the home.
    files: &'static [(&'static str, &'static str)],
    expected: Expected,
}

impl Row {
    const fn and(self, files: &'static [(&'static str, &'static str)]) -> Self {
        Self { files, ..self }
    }
}

/// The signer: `user/ci`, or the signers of each call, the last one that of the token.
enum Expected {
    Same(&'static str),
    /// The AWS CLI, ours, and why.
    Different(&'static str, &'static str, &'static str),
}

use Expected::{Different, Same};

/// Stands for no token.
const REFUSED: &str = "refused";

/// A row whose variables are none.
const fn row(
    what: &'static str,
    config: &'static str,
    credentials: &'static str,
    expected: Expected,
) -> Row {
    with(what, config, credentials, &[], expected)
}

const fn with(
    what: &'static str,
    config: &'static str,
    credentials: &'static str,
    variables: &'static [(&'static str, &'static str)],
    expected: Expected,
) -> Row {
    Row {
        what,
        config,
        credentials,
        variables,
        files: &[],
        expected,
    }
}

const A: &[(&str, &str)] = &[("AWS_PROFILE", "a")];

const CONTAINER: (&str, &str) = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
);

// The reasons why the two differ on purpose.
const EMPTY: &str = "an empty variable counts as unset, as it does in CI systems";
const JUDGE: &str = "AWS judges keys, not this machine's clock";
const NEEDLESS: &str = "a setting that is not needed does no harm";

/// A variable that is not there, for a row that needs one less.
const UNSET: &str = "$UNSET";

/// Replaces what stands for settings and addresses in the rows.
fn spelled(text: &str, home: &Path, emulator: &Emulator) -> String {
    let keys = |id, secret| format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    let role = |name| format!("role_arn = arn:aws:iam::111122223333:role/{name}\n");
    let replaced = [
        ("$CI", keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY)),
        ("$BOB", keys(BOB.0, BOB.1)),
        ("$ONE", role("One")),
        ("$TWO", role("Two")),
        ("$THREE", role("Three")),
        ("$ID", ACCESS_KEY_ID.to_owned()),
        ("$KEY", SECRET_ACCESS_KEY.to_owned()),
        ("$CORP", "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n".to_owned()),
        ("$SSO", "sso_account_id = 111122223333\nsso_role_name = One\n".to_owned()),
        ("$LEGACY", "sso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n".to_owned()),
        ("$MACHINE", home.display().to_string()),
        ("$EMULATOR", format!("http://{}", emulator.address())),
        ("$ADDRESS", emulator.address().to_owned()),
        ("$PORT", emulator.address().rsplit_once(':').unwrap().1.to_owned()),
    ];
    let mut spelled = text.to_owned();
    for (name, value) in replaced {
        spelled = spelled.replace(name, &value);
    }
    spelled
}

const BOB: (&str, &str) = (
    "AKIAI44QH8DHBEXAMPLE",
    "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
);

/// Runs both in every row's home, and reports all that is not as expected at once.
fn compare(rows: &[Row]) {
    compare_during("", rows);
}

/// The same while AWS has a fault, which befalls both alike.
fn compare_during(fault: &str, rows: &[Row]) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("identities", &mut sandbox);
    sandbox.client("awscli", "aws");
    sandbox.set("CODEARTIFACT_CACHE", "off");
    sandbox.set("AWS_EC2_METADATA_DISABLED", "true");
    let mut wrong = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let (cli, ours) = run(&mut sandbox, &emulator, number, row, fault);
        let expected = match row.expected {
            Same(both) => (both, both, ""),
            Different(cli, ours, why) => (cli, ours, why),
        };
        if (cli.as_str(), ours.as_str()) != (expected.0, expected.1) {
            wrong.push(format!(
                "{}: AWS CLI {cli}, ours {ours}, expected {expected:?}",
                row.what
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} rows:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

fn run(
    sandbox: &mut Sandbox,
    emulator: &Emulator,
    number: usize,
    row: &Row,
    fault: &str,
) -> (String, String) {
    let befall = || {
        if !fault.is_empty() {
            emulator.recover();
            emulator.fault(fault);
        }
    };
    let home = sandbox.path(&format!("home-{number}"));
    furnish(&home, row, emulator);
    sandbox.set("HOME", home.display().to_string());
    let variables = row.variables.iter();
    let variables: Vec<_> = variables
        .map(|(name, value)| (*name, spelled(value, &home, emulator)))
        .collect();
    let kept = sandbox.variables();
    for (name, value) in &variables {
        match value.as_str() {
            UNSET => sandbox.unset(name),
            value => sandbox.set(name, value),
        }
    }
    let of_variable = |wanted: &str| {
        let mut found = variables.iter().filter(|(name, _)| *name == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    if let Some(end) = of_variable("TEST_SIGN_IN_ENDS") {
        fs::write(home.join(CORP_FILE), sign_in(end)).unwrap();
    }
    let seen = emulator.journal().0.len();
    befall();
    let _ = sandbox.run("codeartifact", &["token", NPM]);
    let between = emulator.journal().0.len();
    // The AWS CLI takes a connection's profile as its argument.
    let profile = of_variable("CODEARTIFACT_PROFILE").map(|profile| ["--profile", profile]);
    let arguments: Vec<&str> = profile.into_iter().flatten().chain(ASK).collect();
    befall();
    let _ = sandbox.run("aws", &arguments);
    let ours = Journal(emulator.journal().0[seen..between].to_vec());
    let cli = emulator.journal().after(between);
    sandbox.restore(kept);
    (who(&cli), who(&ours))
}

/// Makes a row's home. A file that the row does not mention is not there.
fn furnish(home: &Path, row: &Row, emulator: &Emulator) {
    let write = |name: &str, text: &str| {
        let file = home.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, spelled(text, home, emulator)).unwrap();
    };
    let settings = [
        (".aws/config", row.config),
        (".aws/credentials", row.credentials),
    ];
    let settings = settings.iter().filter(|(_, text)| !text.is_empty());
    for (name, text) in settings.chain(row.files) {
        write(name, text);
    }
    write("give", GIVE);
    write("token", "my-web-identity-token");
    write(CORP_FILE, &sign_in("2099-01-01T00:00:00Z"));
    write(START_URL_FILE, &sign_in("2099-01-01T00:00:00Z"));
}

const ASK: [&str; 8] = [
    "codeartifact",
    "get-authorization-token",
    "--domain",
    "my-domain",
    "--domain-owner",
    "111122223333",
    "--region",
    "us-east-1",
];

/// A `credential_process` of user bob.
const GIVE: &str = r#"echo '{"Version": 1, "AccessKeyId": "AKIAI44QH8DHBEXAMPLE", "SecretAccessKey": "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"'$1'}'
"#;

/// The file of session `corp`; its name is the SHA-1 of that.
const CORP_FILE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// The same for the start URL of profiles without a session.
const START_URL_FILE: &str = ".aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json";

fn sign_in(until: &str) -> String {
    format!(
        r#"{{"accessToken": "my-sso-access-token", "expiresAt": "{until}", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start"}}"#
    )
}

/// The signers of all calls that led to a token.
fn who(journal: &Journal) -> String {
    let granted = journal.0.iter().filter(|entry| entry.status == Some(200));
    let calls: Vec<_> = granted
        .filter(|entry| {
            ["sts:AssumeRole", "codeartifact:GetAuthorizationToken"]
                .contains(&entry.action.as_str())
        })
        .collect();
    if !calls
        .last()
        .is_some_and(|last| last.action.starts_with("codeartifact"))
    {
        return REFUSED.to_owned();
    }
    let names = calls.iter().map(|call| {
        let signer = call
            .signer
            .as_ref()
            .map_or("nobody", |signer| signer.arn.as_str());
        let mut parts = signer.rsplit(':').next().unwrap().split('/');
        let name = format!("{}/{}", parts.next().unwrap(), parts.next().unwrap());
        let name = name.replace("assumed-role/", "role/");
        match call
            .parameters
            .get("duration")
            .filter(|_| call.action.starts_with("sts"))
        {
            Some(seconds) => format!("{name} for {seconds}"),
            None => name,
        }
    });
    names.collect::<Vec<_>>().join(" > ")
}
