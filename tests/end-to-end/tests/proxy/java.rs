//! `--java`: Java sends no proxy's password for https, so it has a listener of its own, for this user alone.

use codeartifact_end_to_end::fixture::NPM;

use super::served::Served;
use super::*;

/// Asks with both of Java's clients.
const PROGRAM: &str = r#"
import java.net.*;
import java.net.http.*;
public class Get {
    public static void main(String[] arguments) throws Exception {
        var url = new URI(arguments[0]).toURL();
        System.out.println(((HttpURLConnection) url.openConnection()).getResponseCode());
        var request = HttpRequest.newBuilder(new URI(arguments[0])).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body().contains("my-package"));
    }
}
"#;

fn has(program: &str) -> bool {
    let is_there = Path::new("/usr/bin").join(program).exists();
    if !is_there {
        eprintln!("skipped: there is no {program}");
    }
    is_there
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

#[test]
fn java_reads_through_the_proxy() {
    if !has("java") {
        return;
    }
    let platform = Platform::new();
    platform.sandbox.link("java", Path::new("/usr/bin/java"));
    platform.sandbox.write("work/Get.java", PROGRAM);
    let get = format!("java Get.java {NPM}my-package");
    let outcome = platform.exec(&["--java"], &get).succeeded();
    assert_eq!(outcome.stdout, "200\n200 true\n", "{outcome:?}");
    assert_no_token(&format!("{outcome:?}"), "java");
    let refused = format!("java Get.java {}", NPM.replace("my-repo", "other-repo"));
    let outcome = platform.exec(&["--java"], &refused).succeeded();
    assert!(outcome.stdout.starts_with("403\n403 "), "{outcome:?}");
    // Without the option nothing leads Java there.
    let outcome = platform.exec(&[], &get).succeeded();
    assert_eq!(outcome.stdout, "401\n401 false\n", "{outcome:?}");
}

#[test]
fn isolated_java_reads_through_the_proxy() {
    if !has("java") || !super::isolated::is_possible() {
        return;
    }
    let platform = Platform::new();
    platform.sandbox.link("java", Path::new("/usr/bin/java"));
    platform.sandbox.write("work/Get.java", PROGRAM);
    let get = format!("java Get.java {NPM}my-package");
    let outcome = platform.exec(&["--java", "--isolate"], &get).succeeded();
    assert_eq!(outcome.stdout, "200\n200 true\n", "{outcome:?}");
}

/// Another user of the machine sees the ports, and gets nothing there.
#[test]
fn another_user_gets_nothing() {
    if !has("setpriv") || !has("curl") || !is_root() {
        eprintln!("skipped: only root can become another user");
        return;
    }
    let platform = Platform::new();
    let served = Served::start_with(&platform, "run", &["--java"]);
    let variables = platform
        .sandbox
        .run(
            "codeartifact",
            &["proxy", "env", "--directory", "run", "--format", "json"],
        )
        .succeeded()
        .stdout;
    let variables: serde_json::Value = serde_json::from_str(&variables).unwrap();
    let text = |name: &str| variables[name].as_str().unwrap().to_owned();
    let proxy = text("HTTPS_PROXY");
    let (_, address) = proxy.split_once('@').unwrap();
    let java = text("JAVA_TOOL_OPTIONS");
    // The last one counts: the emulator's is there too.
    let mut ports = java
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("-Dhttps.proxyPort="));
    let port = ports.next_back().unwrap();
    for tool in ["setpriv", "curl"] {
        platform
            .sandbox
            .link(tool, &Path::new("/usr/bin").join(tool));
    }
    let ask = |user: &str, proxy: &str| {
        let script = format!(
            "setpriv --reuid={user} --regid={user} --clear-groups curl --silent --show-error --insecure --proxy {proxy} {NPM}my-package"
        );
        platform.sandbox.run("sh", &["-c", &script])
    };
    let java = format!("http://127.0.0.1:{port}");
    let _ = ask("0", &java).succeeded();
    let said = ask("65534", &java).failed();
    assert!(said.stdout.is_empty(), "{said:?}");
    let said = ask("65534", &format!("http://{address}")).failed();
    assert!(said.stderr.contains("407"), "{said:?}");
    let folder = platform.sandbox.path("work/run");
    let script = format!(
        "setpriv --reuid=65534 --regid=65534 --clear-groups cat {}/proxy.json",
        folder.display()
    );
    let _ = platform.sandbox.run("sh", &["-c", &script]).failed();
    drop(served);
}
