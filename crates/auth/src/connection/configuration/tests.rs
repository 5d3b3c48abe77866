//! Tests of what the file may say, and of every way in which a line can be wrong: place, words and hint.

use super::*;
use crate::connection::{CacheChoice, Scope, TokenDuration};
use crate::endpoint::{Endpoint, Format};
use crate::environment::CONFIG;
use crate::token::Timestamp;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const NPM: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

/// The file of the README.
const WHOLE: &str = r#"
[defaults]
profile  = "integration"
via      = ["arn:aws:iam::198331734661:role/IntegrationReadOnly"]
duration = "1h"
cache    = "file"

[connections.acme]
account_id  = "111122223333"
role_arn    = "arn:aws:iam::111122223333:role/CodeArtifactReader"
external_id = "k3J-0123456789"
npm  = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
pypi = "https://aws@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
go   = "https://packages.example.com/go/my-repo/"
cargo = "sparse+https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/"
scope = "repositories"

[connections."our own"]
account_id = "198331734661"
profile = "dev"
via = []
duration = "session"
cache = "off"
nuget = "https://ours-198331734661.codeartifact.eu-west-1.on.aws/nuget/shared/v3/index.json"

[hosts]
"Packages.example.com:443" = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/"
"#;

#[test]
fn a_whole_file() {
    let configuration = Configuration::parse(WHOLE).unwrap();
    let acme = configuration.connection("acme").unwrap();
    assert_eq!(acme.name.as_deref(), Some("acme"));
    assert_eq!(acme.account_id.as_deref(), Some("111122223333"));
    assert_eq!(acme.profile.as_deref(), Some("integration"));
    let hops: Vec<_> = acme
        .hops
        .iter()
        .map(|hop| (hop.role_arn.as_str(), hop.external_id.as_deref()))
        .collect();
    assert_eq!(
        hops,
        [
            ("arn:aws:iam::198331734661:role/IntegrationReadOnly", None),
            (
                "arn:aws:iam::111122223333:role/CodeArtifactReader",
                Some("k3J-0123456789")
            ),
        ]
    );
    assert_eq!(acme.duration, TokenDuration::Seconds(3600));
    assert_eq!(acme.cache, CacheChoice::File);
    assert_eq!(acme.scope, Scope::Repositories);
    let roots: Vec<_> = acme.endpoints.values().map(Endpoint::root).collect();
    assert_eq!(
        roots,
        [
            NPM,
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/",
            "https://packages.example.com/go/my-repo/",
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/",
        ]
    );
    let ours = configuration.connection("our own").unwrap();
    assert_eq!(ours.profile.as_deref(), Some("dev"));
    assert_eq!(
        (ours.hops.len(), ours.duration, ours.cache),
        (0, TokenDuration::Session, CacheChoice::Off)
    );
    assert_eq!(
        configuration.hosts().keys().collect::<Vec<_>>(),
        ["packages.example.com"]
    );
    assert_eq!(configuration.connections().count(), 2);
}

#[test]
fn nothing_said_is_the_default() {
    for text in [
        "",
        "\n# a comment\n",
        "[defaults]\n",
        "[connections]\n[hosts]\n",
        "\u{feff}[defaults]\r\n",
    ] {
        assert_eq!(
            Configuration::parse(text),
            Ok(Configuration::default()),
            "{text:?}"
        );
    }
    let text = format!("[connections.a]\naccount_id = '111122223333'\nnpm = '{NPM}'");
    let configuration = Configuration::parse(&text).unwrap();
    let a = configuration.connection("a").unwrap();
    assert_eq!((a.profile.as_deref(), a.hops.len()), (None, 0));
    assert_eq!(
        (a.duration, a.cache, a.scope),
        (TokenDuration::LONGEST, CacheChoice::Auto, Scope::Domain)
    );
}

/// The whole file (⏎ is a line's end) => its message => the hint, if any.
const FILES: &str = r##"
a = x => line 1, column 5: the file: not TOML: string values must be quoted, expected literal string
[defaults]⏎[defaults] => line 2, column 2: the file: not TOML: duplicate key
[connection.acme] => line 1, column 2: connection: there is no such key => did you mean `connections`?
x = 1 => line 1, column 1: x: there is no such key => the keys here are defaults, connections, hosts, proxy, broker, store
defaults = 1 => line 1, column 12: defaults: must be a table, not integer
[[connections]] => line 1, column 1: connections: must be a table, not array
connections.acme = 'x' => line 1, column 20: connections.acme: must be a table, not string
[connections.""] => line 1, column 14: connections: must not be empty
[connections."a\nb"] => line 1, column 14: connections."a\nb": holds a control character
[defaults]⏎role_arn = 'x' => line 2, column 1: defaults.role_arn: there is no such key => the keys here are profile, source, audience, via, duration, cache, require_connection, go_private
[defaults]⏎durations = '1h' => line 2, column 1: defaults.durations: there is no such key => did you mean `duration`?
[defaults]⏎source = 'github' => line 2, column 10: defaults.source: `github` is none of github-actions, gitlab:VARIABLE, buildkite, circleci, env:VARIABLE, file:PATH
[defaults]⏎profile = 'p'⏎source = 'buildkite' => line 3, column 1: defaults.source: goes in place of profile, which is set too => remove one of the two
[defaults]⏎audience = '' => line 2, column 12: defaults.audience: `` is not an audience => it looks like `sts.amazonaws.com`
[defaults]⏎profile = '' => line 2, column 11: defaults.profile: must not be empty
[defaults]⏎duration = '20h' => line 2, column 12: defaults.duration: `20h` is not a duration from 15m to 12h => write 15m, 1h, 12h, or session
[defaults]⏎duration = 3600 => line 2, column 12: defaults.duration: must be a string, not integer => put the value in quotes
defaults = { profile = 'é', cache = 'x' } => line 1, column 37: defaults.cache: `x` is none of auto, keyring, file, off
[defaults]⏎cache = 'disk' => line 2, column 9: defaults.cache: `disk` is none of auto, keyring, file, off
[defaults]⏎require_connection = "yes" => line 2, column 22: defaults.require_connection: must be true or false, not string => 
[defaults]⏎go_private = ['example.com/a,example.com/b'] => line 2, column 15: defaults.go_private: `example.com/a,example.com/b` is not a pattern of module paths => write each as GOPRIVATE has it: `example.com/private`
[defaults]⏎via = 'arn:aws:iam::111122223333:role/A' => line 2, column 7: defaults.via: must be a list of strings, not string
[defaults]⏎via = ['arn:aws:iam::111122223333:role/A',⏎  'B'] => line 3, column 3: defaults.via: `B` is not the ARN of an IAM role => it looks like `arn:aws:iam::111122223333:role/NAME`
[proxy]⏎keep = '10' => line 2, column 8: proxy.keep: `10` is not a size such as `500MB` or `10GB`
[proxy]⏎keeps = '10GB' => line 2, column 1: proxy.keeps: there is no such key => did you mean `keep`?
[hosts]⏎'é é' = 'x' => line 2, column 1: hosts."é é": is neither a host nor `host:port`
[hosts]⏎'https://p.example.com' = 'x' => line 2, column 1: hosts."https://p.example.com": is neither a host nor `host:port`
[hosts]⏎'p.example.com' = 'https://example.com/' => line 2, column 19: hosts."p.example.com": `https://example.com/` is not a CodeArtifact URL => if it is your own proxy in front of CodeArtifact, add your proxy's host to [hosts]
[hosts]⏎'d-dd-111122223333.d.codeartifact.us-east-1.amazonaws.com' = 'x' => line 2, column 1: hosts."d-dd-111122223333.d.codeartifact.us-east-1.amazonaws.com": is one of CodeArtifact's own hosts, which cannot be mapped
[hosts]⏎'vpce-1.d.codeartifact.us-east-1.vpce.amazonaws.com' = 'x' => line 2, column 1: hosts."vpce-1.d.codeartifact.us-east-1.vpce.amazonaws.com": is one of CodeArtifact's own hosts, which cannot be mapped
[hosts]⏎'P.example.com' = '{npm}'⏎'p.example.com:443' = '{npm}' => line 3, column 1: hosts."p.example.com:443": is the same host as another key
"##;

/// A part of `[connections.acme]`, which has account_id and npm besides unless the row has them => the message
/// about its last line => the hint, if any.
const CONNECTIONS: &str = r##"
account_id = '1111' => account_id: `1111` is not an account of 12 digits
account_id = 111122223333 => account_id: must be a string, not integer => put the value in quotes
account_id = '٠١٢٣٤٥٦٧٨٩٠١' => account_id: `٠١٢٣٤٥٦٧٨٩٠١` is not an account of 12 digits
rolearn = 'x' => rolearn: there is no such key => did you mean `role_arn`?
account-id = 'x' => account-id: there is no such key => did you mean `account_id`?
pip = 'x' => pip: there is no such key => did you mean `pypi`?
Npm = 'x' => Npm: there is no such key => did you mean `npm`?
role_arn = 'Reader' => role_arn: `Reader` is not the ARN of an IAM role => it looks like `arn:aws:iam::111122223333:role/NAME`
role_arn = 'arn:aws:sts::111122223333:assumed-role/R/s' => role_arn: `arn:aws:sts::111122223333:assumed-role/R/s` is not the ARN of an IAM role => did you mean `arn:aws:iam::111122223333:role/R`?
role_arn = 'arn:aws:iam::111122223333:role/R'⏎external_id = 'S' => external_id: has 1 characters, and AWS takes an external id of 2 to 1224
role_arn = 'arn:aws:iam::111122223333:role/R'⏎external_id = 'SECRET SECRET' => external_id: holds ' ', and an external id is made of `A–Z a–z 0–9 _ + = , . @ : / -`
external_id = '12345678' => external_id: goes with role_arn, which is missing
scope = 'repo' => scope: `repo` is none of domain, repositories
scope = 'repositories' => scope: there is no role whose session could be narrowed to the repositories => add role_arn, or leave scope out
profile = "a\u0007b" => profile: holds a control character
via = [1] => via: must be a string, not integer => put the value in quotes
duration = '1d' => duration: `1d` is not a duration from 15m to 12h => write 15m, 1h, 12h, or session
cache = true => cache: must be a string, not boolean => put the value in quotes
npm = 'https://registry.example.com/' => npm: `https://registry.example.com/` is not a CodeArtifact URL => if it is your own proxy in front of CodeArtifact, add your proxy's host to [hosts]
npm = 'http://{host}/npm/my-repo/' => npm: `http://{host}/npm/my-repo/` is not https, so a token sent there could be read on the way => a repository's URL looks like https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/
npm = 'https://aws:SECRET@{host}/npm/r/' => npm: `https://{host}/npm/r/` names a repository that breaks CodeArtifact's rules (2–100 of `A–Z a–z 0–9 . _ -`) => a repository's URL looks like https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/
npm = 'https://{host}/' => npm: https://{host}/ names no repository => write it as https://{host}/npm/REPOSITORY/
npm = 'https://aws:SECRET@{host}/pypi/my-repo/simple/' => npm: https://{host}/pypi/my-repo/ is of format pypi, not npm => its key is `pypi`
npm = 'https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/' => npm: https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to account 444455556666, and account_id is 111122223333 => a connection is for one account: correct the URL, or account_id
pypi = 'https://{host}/pypi/my-repo/' => pypi: pip and similar clients need the URL to end in /simple/ => write https://{host}/pypi/my-repo/simple/
pypi = 'https://{host}/pypi/my-repo/simple' => pypi: pip and similar clients need the URL to end in /simple/ => write https://{host}/pypi/my-repo/simple/
pypi = 'https://aws:SECRET@{host}/pypi/my-repo' => pypi: pip and similar clients need the URL to end in /simple/ => write https://{host}/pypi/my-repo/simple/
"##;

/// File, message, hint.
fn rows(table: &str) -> Vec<[String; 3]> {
    let spelled_out = |cell: &str| {
        cell.replace('⏎', "\n")
            .replace("{npm}", NPM)
            .replace("{host}", HOST)
    };
    let row = |row: &str| {
        let mut cells = row.split(" => ").map(spelled_out);
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    };
    table
        .lines()
        .filter(|line| !line.is_empty())
        .map(row)
        .collect()
}

fn complaint(text: &str) -> (String, String) {
    match Configuration::parse(text) {
        Ok(_) => Default::default(),
        Err(failure) => (
            failure.to_string(),
            failure.hint().unwrap_or_default().to_owned(),
        ),
    }
}

#[test]
fn every_way_a_file_can_be_wrong() {
    for [text, message, hint] in rows(FILES) {
        assert_eq!(complaint(&text), (message, hint), "{text}");
    }
}

#[test]
fn every_way_a_connection_can_be_wrong() {
    for [lines, message, hint] in rows(CONNECTIONS) {
        let mut text = format!("[connections.acme]\n{lines}\n");
        let needed = [
            ("account_id =", "account_id = '111122223333'\n".to_owned()),
            ("npm =", format!("npm = '{NPM}'\n")),
        ];
        for (key, line) in needed {
            if !lines.contains(key) {
                text.push_str(&line);
            }
        }
        let (found, found_hint) = complaint(&text);
        let (place, found_message) = found.split_once(": connections.acme.").unwrap_or_default();
        assert_eq!(
            (found_message, &found_hint),
            (message.as_str(), &hint),
            "{text}{found}"
        );
        let line = 1 + lines.lines().count();
        assert!(
            place.starts_with(&format!("line {line}, column ")),
            "{text}{found}"
        );
        assert!(
            !found.contains("SECRET") && !found_hint.contains("SECRET"),
            "{found}"
        );
    }
}

#[test]
fn what_a_connection_must_have() {
    let rows = [(
        "",
        "line 2, column 1: connections.acme: account_id is missing",
    )];
    for (lines, message) in rows {
        assert_eq!(
            complaint(&format!("\n[connections.acme]\n{lines}\n")).0,
            message
        );
    }
}

#[test]
fn a_session_policy_has_a_limit() {
    let line = |format: Format| {
        let tail = if format == Format::Pypi {
            "simple/"
        } else {
            ""
        };
        let repository = format!("{format}-{}", "r".repeat(92));
        let host = HOST.replace("my-domain", &"d".repeat(50));
        format!("{format} = 'https://{host}/{format}/{repository}/{tail}'\n")
    };
    let lines: String = Format::ALL.into_iter().map(line).collect();
    let role = "role_arn = 'arn:aws:iam::111122223333:role/R'";
    let text = |scope| {
        format!(
            "[connections.acme]\naccount_id = '111122223333'\n{role}\nscope = '{scope}'\n{lines}"
        )
    };
    assert_eq!(complaint(&text("domain")).0, "");
    let (message, hint) = complaint(&text("repositories"));
    assert!(
        message.starts_with("line 4, column 1: connections.acme.scope: the session policy for its"),
        "{message}"
    );
    assert!(
        message.ends_with("characters, and AWS takes 2048"),
        "{message}"
    );
    assert_eq!(hint, "write scope = \"domain\"");
}

#[test]
fn the_file_is_the_named_one_or_the_default_one_or_none() {
    let home = std::env::current_dir().unwrap().join("src");
    let load = |file: &str| {
        let variables = [(CONFIG, file)];
        Configuration::load(&Environment::fixed(&variables, home.clone(), Timestamp(0)))
    };
    assert_eq!(load(""), Ok(Configuration::default()));
    let absent = load("/nowhere/config.toml").unwrap_err();
    assert!(
        absent
            .to_string()
            .starts_with("cannot read the configuration /nowhere/config.toml: "),
        "{absent}"
    );
    assert_eq!(
        absent.hint(),
        Some("unset CODEARTIFACT_CONFIG to use the default file")
    );
    let not_toml = home.join("lib.rs");
    let error = load(not_toml.to_str().unwrap()).unwrap_err();
    let place = format!("{}, line 1, column ", not_toml.display());
    assert!(error.to_string().starts_with(&place), "{error}");
    assert!(error.is(&[&row::VALUE_WRONG]), "{error}");
}

/// Helpers read the file on every call. The limit is generous for a slow machine and far from what a quadratic
/// reading of so many would take.
#[test]
fn ten_thousand_connections_are_read_at_once() {
    let block = |number: usize| {
        let account = format!("{number:012}");
        let host = format!("https://my-domain-{account}.d.codeartifact.us-east-1.amazonaws.com");
        format!(
            "[connections.customer-{number}]\naccount_id = '{account}'\nexternal_id = 'customer-{account}'\n\
             role_arn = 'arn:aws:iam::{account}:role/CodeArtifactReader'\n\
             npm = '{host}/npm/my-repo/'\npypi = '{host}/pypi/my-repo/simple/'\ngo = '{host}/go/my-repo/'\n"
        )
    };
    let text: String = (0..10_000).map(block).collect();
    let before = std::time::Instant::now();
    let configuration = Configuration::parse(&text).unwrap();
    let took = before.elapsed();
    assert_eq!(configuration.connections().count(), 10_000);
    assert!(took.as_secs() < 5, "it took {took:?}");
}
