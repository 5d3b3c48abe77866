//! Whole conversations, byte for byte, as NuGet 5.8 holds them; the answers' shapes are those of NuGet.Client's source.

use codeartifact_helper::for_tests::{Machine, Said};

use super::*;
use crate::Nuget;

const URL: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/my-repo/v3/index.json";

const HELLO: &str = "{\"Method\":\"Handshake\",\"Payload\":{\"MinimumProtocolVersion\":\"2.0.0\",\"ProtocolVersion\":\"2.0.0\"},\
    \"RequestId\":\"00000000-0000-4000-8000-000000000001\",\"Type\":\"Request\"}\n";

fn machine() -> Machine {
    Machine::new("{domain}-{count}")
}

fn feed(machine: &Machine, requests: &str) -> Said {
    machine.feed(&Nuget, &["-Plugin"], requests)
}

fn request(method: &str, payload: &str) -> String {
    message("Request", method, payload)
}

/// As NuGet writes it.
fn message(kind: &str, method: &str, payload: &str) -> String {
    format!(
        "{{\"RequestId\":\"7\",\"Type\":\"{kind}\",\"Method\":\"{method}\",\"Payload\":{payload}}}\n"
    )
}

/// As we do.
fn answer(kind: &str, method: &str, payload: &str) -> String {
    format!(
        "{{\"Method\":\"{method}\",\"Payload\":{payload},\"RequestId\":\"7\",\"Type\":\"{kind}\"}}\n"
    )
}

fn ask(uri: &str, is_retry: bool) -> String {
    let payload = format!(
        "{{\"Uri\":\"{uri}\",\"IsRetry\":{is_retry},\"IsNonInteractive\":true,\"CanShowDialog\":true}}"
    );
    request("GetAuthenticationCredentials", &payload)
}

fn token(number: u32) -> String {
    let payload = format!(
        "{{\"AuthenticationTypes\":[\"Basic\"],\"Message\":\"\",\"Password\":\"my-domain-{number}\",\
         \"ResponseCode\":\"Success\",\"Username\":\"aws\"}}"
    );
    answer("Response", "GetAuthenticationCredentials", &payload)
}

fn nothing(code: &str, message: &str) -> String {
    let payload = format!(
        "{{\"AuthenticationTypes\":null,\"Message\":\"{message}\",\"Password\":null,\"ResponseCode\":\"{code}\",\"Username\":null}}"
    );
    answer("Response", "GetAuthenticationCredentials", &payload)
}

#[test]
fn requests_as_nuget_sends_them() {
    for (requests, answers) in requests_and_answers() {
        let said = Said::new(Exit::Done, format!("{HELLO}{answers}"), "");
        assert_eq!(feed(&machine(), &requests), said, "{requests}");
    }
}

const SUCCESS: &str = "{\"ResponseCode\":\"Success\"}";

fn requests_and_answers() -> [(String, String); 14] {
    let success = |method: &str| answer("Response", method, SUCCESS);
    let claims = |asked: &str, given: &str| {
        let given = format!("{{\"Claims\":[{given}]}}");
        let method = "GetOperationClaims";
        (request(method, asked), answer("Response", method, &given))
    };
    [
        (String::new(), String::new()),
        ("nonsense\n".into(), String::new()),
        (message("Response", "Handshake", SUCCESS), String::new()),
        (
            request(
                "Handshake",
                "{\"ProtocolVersion\":\"2.0.0\",\"MinimumProtocolVersion\":\"1.0.0\"}",
            ),
            answer(
                "Response",
                "Handshake",
                "{\"ProtocolVersion\":\"2.0.0\",\"ResponseCode\":\"Success\"}",
            ),
        ),
        (
            request(
                "Initialize",
                "{\"ClientVersion\":\"5.8.0\",\"Culture\":\"en\",\"RequestTimeout\":\"00:00:05\"}",
            ),
            success("Initialize"),
        ),
        (
            request("MonitorNuGetProcessExit", "{\"ProcessId\":1}"),
            success("MonitorNuGetProcessExit"),
        ),
        (
            request("SetLogLevel", "{\"LogLevel\":\"Debug\"}"),
            success("SetLogLevel"),
        ),
        claims("{}", "\"Authentication\""),
        claims(
            "{\"PackageSourceRepository\":\"https://x/\",\"ServiceIndex\":{}}",
            "",
        ),
        (ask(URL, false), token(1)),
        (ask(URL, false) + &ask(URL, false), token(1) + &token(1)),
        (
            ask("https://api.nuget.org/v3/index.json", false),
            nothing("NotFound", ""),
        ),
        (
            request("PrefetchPackage", "{}"),
            answer(
                "Fault",
                "PrefetchPackage",
                "{\"Message\":\"no request is called PrefetchPackage\"}",
            ),
        ),
        (request("Close", "{}") + &ask(URL, false), String::new()),
    ]
}

#[test]
fn a_retry_mints_anew() {
    let machine = machine();
    let _ = feed(&machine, &ask(URL, false));
    machine.advance(60);
    let said = feed(
        &machine,
        &(ask(URL, false) + &ask(URL, true) + &ask(URL, false)),
    );
    assert_eq!(
        said.stdout,
        format!("{HELLO}{}{}{}", token(1), token(2), token(2))
    );
    assert_eq!(machine.mint.minted(), 2);
}

#[test]
fn a_failure_is_nugets_to_show() {
    let mut machine = machine();
    machine.mint.refused = "*";
    let said = feed(&machine, &ask(URL, false));
    assert!(
        said.stdout.contains("\"ResponseCode\":\"Error\""),
        "{said:?}"
    );
    assert!(
        said.stderr.starts_with("nuget-plugin-codeartifact: "),
        "{said:?}"
    );
    let unreadable = feed(&machine, &request("GetAuthenticationCredentials", "{}"));
    assert!(
        unreadable.stdout.contains("cannot read NuGet's request: "),
        "{unreadable:?}"
    );
}

#[test]
fn a_person_is_told_who_runs_it() {
    let said = machine().call(&Nuget, &[]);
    assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
}
