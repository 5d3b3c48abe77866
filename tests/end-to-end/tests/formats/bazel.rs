//! Bazel: its helper's protocol, which begins with a version that no registry has, and Debian's 4.2, which reads a netrc.

use std::path::Path;

use super::*;

const BAZEL: &str = "/usr/bin/bazel-4";
const POM: &str = "com/example/my-parent/1.0.0/my-parent-1.0.0.pom";

#[test]
fn its_protocol() {
    let (sandbox, emulator) = developer("maven");
    let ask = |uri: &str| {
        let request = format!("{{\"uri\":\"{uri}\"}}");
        sandbox
            .feed("codeartifact-bazel", &["get"], &request)
            .succeeded()
            .stdout
    };
    assert_eq!(ask("https://repo.maven.apache.org/maven2/x"), "{}\n");
    assert_eq!(emulator.journal().mints(), 0);
    let answer = ask(&(url("maven") + POM));
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let header = answer["headers"]["Authorization"][0].as_str().unwrap();
    assert!(header.starts_with("Basic "), "{header}");
    assert!(answer["expires"].as_str().unwrap().ends_with('Z'));
}

/// A file of the repository, by the netrc in the home: it reads no other.
#[test]
fn an_http_file_by_a_netrc() {
    if !Path::new(BAZEL).exists() {
        eprintln!("skipped: Bazel is not installed (apt-get install bazel-bootstrap)");
        return;
    }
    let (mut sandbox, emulator) = developer("maven");
    // Java's home is the one of the user database, whatever HOME says.
    let home = sandbox.path("home").display().to_string();
    let options = sandbox.variables()["JAVA_TOOL_OPTIONS"].clone();
    sandbox.set("JAVA_TOOL_OPTIONS", format!("{options} -Duser.home={home}"));
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    sandbox.set("PATH", path);
    let file = url("maven") + POM;
    let workspace = format!(
        "load(\"@bazel_tools//tools/build_defs/repo:http.bzl\", \"http_file\")\n\
         http_file(name = \"parent\", urls = [\"{file}\"])\n"
    );
    sandbox.write("work/WORKSPACE", &workspace);
    let fetch = format!(
        "codeartifact token {file} --format netrc > $HOME/.netrc && {BAZEL} --batch --output_user_root=$HOME/root \
         fetch @parent//file && cat $HOME/root/*/external/parent/file/downloaded"
    );
    let fetched = sandbox.run("sh", &["-c", &fetch]).succeeded();
    assert!(
        fetched.stdout.contains("<artifactId>my-parent"),
        "{fetched:?}"
    );
    assert_mints(&emulator, 1);
}
