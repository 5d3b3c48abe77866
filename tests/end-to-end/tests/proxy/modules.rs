//! Go modules out of generic packages. AWS has no format for Go, and this emulator serves none either: what go gets, the
//! proxy makes of generic packages, whoever published them.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, GO, SECRET_ACCESS_KEY};

use super::*;

const SCENARIO: &str = include_str!("../../scenarios/two-hops.toml");

/// The publisher: the customer's own user.
const MAINTAINER: &str = r#"
[accounts.111122223333.users.maintainer]
access_key_id = "AKIAI44QH8DHBEXAMPLE"
secret_access_key = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
policies = ['''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "codeartifact:*", "Resource": "*"}]}''']
"#;

const AS_MAINTAINER: &[&str] = &[
    "AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE",
    "AWS_SECRET_ACCESS_KEY=je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    "AWS_DEFAULT_REGION=us-east-1",
];

const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages");

const GO_MOD: &str = "module example.com/my-program\n\ngo 1.24\n";

pub(crate) const ALL: &str = "info,mod,zip";

/// A platform whose customer keeps modules as generic packages.
pub(crate) fn platform() -> Platform {
    platform_with(Sandbox::new(), PACKAGES)
}

fn platform_with(mut sandbox: Sandbox, packages: &str) -> Platform {
    let scenario = SCENARIO
        .replace("go_endpoint = true\n", "")
        .replace("../../packages", packages);
    sandbox.write("scenario.toml", &format!("{scenario}{MAINTAINER}"));
    let emulator = Emulator::start_with(&sandbox.path("scenario.toml"), &mut sandbox);
    for tool in ["env", "mkdir", "cat", "ls", "dirname", "uname"] {
        sandbox.link(tool, &Path::new("/usr/bin").join(tool));
    }
    sandbox.client("go", "go");
    sandbox.client("awscli", "aws");
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    acme().configure(&sandbox);
    let config = sandbox.read(CONFIG);
    let private = "go_private = [\"example.com/private\"]\ngo = ";
    sandbox.write(CONFIG, &config.replace("go = ", private));
    sandbox.write("work/go.mod", GO_MOD);
    Platform { emulator, sandbox }
}

impl Platform {
    /// Runs a script of go behind the proxy.
    fn go(&self, options: &[&str], script: &str) -> Outcome {
        let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.clients/.cache/go-build");
        let script = format!(
            "set -e; export GOPROXY={GO} GOSUMDB=off GOFLAGS=-modcacherw GOMODCACHE=$PWD/mod GOCACHE={}; {script}",
            cache.display()
        );
        self.exec(options, &script)
    }

    /// Publishes with the AWS CLI, file by file, as goxm does.
    pub(crate) fn publish(&self, module: &str, version: &str, parts: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxy/publish.py");
        let command = ["python3", script, module, version, parts];
        let _ = self
            .sandbox
            .run("env", &[AS_MAINTAINER, &command].concat())
            .succeeded();
    }
}

#[test]
fn published_by_the_aws_cli_and_got_by_go() {
    let platform = platform();
    platform.publish("example.com/private/My/module", "v1.0.0", ALL);
    platform.publish("example.com/private/My/module", "v1.1.0-rc.1", ALL);
    platform.publish("example.com/private/module/v2", "v2.0.0", ALL);
    // Its archive never came.
    platform.publish("example.com/private/module/v2", "v2.1.0", "info,mod");
    for client in ["go", "go-1.24"] {
        platform.sandbox.client(client, "go");
        platform.sandbox.write("work/go.mod", GO_MOD);
        let outcome = platform.go(
            &["--others", "refuse", "--journal", "../journal.jsonl"],
            "go get example.com/private/My/module@latest example.com/private/module/v2@latest; go mod verify; \
             go list -m -versions example.com/private/My/module example.com/private/module/v2; cat go.sum",
        );
        let said = outcome.succeeded().stdout;
        for line in [
            "all modules verified",
            "example.com/private/My/module v1.0.0 v1.1.0-rc.1\n",
            "example.com/private/module/v2 v2.0.0\n",
            "example.com/private/module/v2 v2.0.0/go.mod h1:",
        ] {
            assert!(said.contains(line), "{line} is not in {said}");
        }
        fs::remove_dir_all(platform.sandbox.path("work/mod")).unwrap();
        fs::remove_file(platform.sandbox.path("work/go.sum")).unwrap();
    }
    let journal = platform.sandbox.read("journal.jsonl");
    assert!(
        journal.contains(r#""example.com/private/My/module""#),
        "{journal}"
    );
    // Signed calls need no token.
    assert_eq!(platform.emulator.journal().mints(), 0);
}

/// The answer that go gets decides whom it asks next.
#[test]
fn no_private_name_reaches_the_next_proxy() {
    let platform = platform();
    let get = |module: &str| {
        let script =
            format!("export GOPROXY=$GOPROXY,https://proxy.example.com; go get {module}@v1.0.0");
        platform
            .go(&["--others", "refuse"], &script)
            .failed()
            .stderr
    };
    let said = get("example.com/private/absent");
    for part in ["403", "it is one of go_private", "codeartifact go publish"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("proxy.example.com"), "{said}");

    let said = get("example.com/public/absent");
    let next = "https://proxy.example.com/example.com/public/absent/@v/v1.0.0.info";
    assert!(said.contains(next), "{said}");
}

/// Neither is a 404, after which go would ask the next proxy.
#[test]
fn what_aws_refuses_stays_a_refusal() {
    let platform = platform();
    let get = "export GOPROXY=$GOPROXY,https://proxy.example.com; go get example.com/private/greeting@v1.0.0";
    platform.emulator.fault(
        r#"{"fault": "refuse", "action": "codeartifact:ListPackageVersionAssets", "status": 403,
            "code": "AccessDeniedException", "message": "User is not authorized"}"#,
    );
    let said = platform.go(&["--others", "refuse"], get).failed().stderr;
    for part in ["403", "AWS: User is not authorized", "codeartifact policy"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("proxy.example.com"), "{said}");
    platform.emulator.recover();

    // Throttled for a moment: nobody hears of it.
    platform.emulator.fault(
        r#"{"fault": "throttle", "action": "codeartifact:GetPackageVersionAsset", "times": 2}"#,
    );
    let _ = platform.go(&["--others", "refuse"], get).succeeded();
}

/// A page has a thousand at most.
#[test]
fn a_thousand_versions_and_one() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "packages/go/example.com/private/many@v1.0.{0..1000}/go.mod",
        "module example.com/private/many\n",
    );
    let platform = platform_with(sandbox, "packages");
    let outcome = platform.go(&[], "go list -m -versions example.com/private/many");
    let said = outcome.succeeded().stdout;
    assert_eq!(said.split_whitespace().count(), 1002, "{said}");
}

/// An account has 50 files a second. go asks for 300 at once, and nothing fails.
#[test]
fn more_files_than_a_quota_allows_take_longer() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "packages/go/example.com/private/many@v1.0.{0..99}/go.mod",
        "module example.com/private/many\n",
    );
    let platform = platform_with(sandbox, "packages");
    let download = "go mod download $(i=0; while [ $i -lt 100 ]; do echo example.com/private/many@v1.0.$i; i=$((i+1)); done)";
    let _ = platform.go(&["--others", "refuse"], download).succeeded();
    let files = platform
        .sandbox
        .path("work/mod/cache/download/example.com/private/many/@v");
    let files = fs::read_dir(files).unwrap().flatten();
    let archives = files.filter(|it| it.path().extension().is_some_and(|it| it == "zip"));
    assert_eq!(archives.count(), 100);
    let journal = platform.emulator.journal();
    let asked = journal.of("codeartifact:GetPackageVersionAsset");
    let was_throttled = asked.iter().any(|entry| entry.status == Some(429));
    assert!(was_throttled, "{} calls", asked.len());
}

/// Go's own checks would find it as well, but only where there is a go.sum.
#[test]
fn a_file_that_is_not_the_listed_one_is_refused() {
    let platform = platform();
    platform
        .emulator
        .fault(r#"{"fault": "garbage", "action": "codeartifact:GetPackageVersionAsset"}"#);
    let outcome = platform.go(&[], "go get example.com/private/greeting@v1.0.0");
    let _ = outcome.failed();
    assert!(!platform.sandbox.path("work/go.sum").exists());
}

const GREETING: &str = "module example.com/private/hello/v2\n\ngo 1.24\n";

/// go takes what `codeartifact go publish` writes, and the next run finishes what a broken one left.
#[test]
fn published_by_us_and_got_by_go() {
    let platform = platform();
    let sandbox = &platform.sandbox;
    let config = sandbox.read(CONFIG);
    let release =
        format!("[connections.release]\naccount_id = \"111122223333\"\nvia = []\ngo = \"{GO}\"\n");
    sandbox.write(CONFIG, &format!("{config}{release}"));
    write_module(sandbox);
    let publish = |version: &str| {
        let command = [
            "codeartifact",
            "go",
            "publish",
            "hello",
            version,
            "--connection",
            "release",
        ];
        sandbox.run("env", &[AS_MAINTAINER, &command].concat())
    };
    let said = publish("v2.0.0").succeeded().stdout;
    assert_eq!(
        said,
        "published example.com/private/hello/v2 v2.0.0 to my-repo\n"
    );
    let said = publish("v2.0.0").succeeded().stdout;
    assert_eq!(
        said,
        "my-repo has example.com/private/hello/v2 v2.0.0 already, with the same files\n"
    );
    sandbox.write("work/hello/Hello.go", "package hello\n");
    let _ = publish("v2.0.0")
        .exited(3)
        .says(&["that version is there already, with other files", "hint: "]);
    let _ = publish("v3.0.0")
        .exited(2)
        .says(&["module example.com/private/hello/v3"]);
    // The run before this one ended after two of three files.
    platform.publish("example.com/private/hello/v2", "v2.1.0", "info,mod");
    let _ = publish("v2.1.0").succeeded();

    for (client, version) in [("go", "v2.0.0"), ("go-1.24", "v2.1.0")] {
        sandbox.client(client, "go");
        sandbox.write("work/go.mod", GO_MOD);
        let script = format!(
            "go get example.com/private/hello/v2@{version}; go mod verify; ls mod/example.com/private/hello/v2@{version}"
        );
        let said = platform
            .go(&["--others", "refuse"], &script)
            .succeeded()
            .stdout;
        assert!(
            said.contains("all modules verified\nHello.go\ngo.mod\ninner\n"),
            "{said}"
        );
        fs::remove_dir_all(sandbox.path("work/mod")).unwrap();
        fs::remove_file(sandbox.path("work/go.sum")).unwrap();
    }
}

fn write_module(sandbox: &Sandbox) {
    let files = [
        ("go.mod", GREETING),
        (
            "Hello.go",
            "package hello\n\nfunc Hello() string { return \"hello\" }\n",
        ),
        ("inner/inner.go", "package inner\n"),
        (
            "other/go.mod",
            "module example.com/private/hello/v2/other\n",
        ),
    ];
    for (name, text) in files {
        sandbox.write(&format!("work/hello/{name}"), text);
    }
}
