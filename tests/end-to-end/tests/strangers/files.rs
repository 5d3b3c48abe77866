//! Files that wait for ever, have no end, or are no files, wherever we read: each program ends soon, and says why where the
//! file matters.

use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::{self, two_hops};

use crate::soon;

/// Something in a file's place.
type Obstacle = (&'static str, fn(&Path));

const OBSTACLES: [Obstacle; 4] = [
    ("pipe", |path| {
        let made = Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
    }),
    ("endless", |path| symlink("/dev/zero", path).unwrap()),
    ("sparse", |path| {
        let file = fs::File::create(path).unwrap();
        file.set_len(3 << 30).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        file.set_permissions(mode).unwrap();
    }),
    // Named through its folder's handle: the address of a socket is 107 bytes at most, where a path may be longer.
    ("socket", |path| {
        let folder = fs::File::open(path.parent().unwrap()).unwrap();
        let name = path.file_name().unwrap().display();
        let short = format!("/proc/self/fd/{}/{name}", folder.as_raw_fd());
        drop(UnixListener::bind(short).unwrap());
    }),
];

#[track_caller]
fn put(sandbox: &Sandbox, below: &str, obstacle: Obstacle) {
    let path = sandbox.path(below);
    let _ = fs::create_dir_all(path.parent().unwrap());
    let _ = fs::remove_file(&path);
    obstacle.1(&path);
}

/// The files that every program reads which has something to answer.
#[test]
fn in_the_place_of_a_users_file() {
    let (mut sandbox, _emulator) = two_hops();
    sandbox.set("AWS_CA_BUNDLE", "");
    sandbox.write("work/.npmrc", &format!("registry={}\n", fixture::NPM));
    let places = [
        "home/.aws/config",
        "home/.aws/credentials",
        "home/.netrc",
        "home/.npmrc",
        "home/.config/uv/uv.toml",
        "home/.config/pip/pip.conf",
        "home/.config/go/env",
        "home/.config/pnpm/rc",
        "home/.local/state/codeartifact/failures.jsonl",
        "home/.local/state/codeartifact/npmrc.lock",
        "home/.config/codeartifact/.config.toml.lock",
        "home/.config/codeartifact/config.toml",
    ];
    for place in places {
        for obstacle in OBSTACLES {
            let before = fs::read(sandbox.path(place)).ok();
            put(&sandbox, place, obstacle);
            let commands: [(&str, &[&str]); 5] = [
                ("keyring", &["get", fixture::PYPI, "aws"]),
                ("codeartifact-npm", &[]),
                (
                    "codeartifact",
                    &["exec", "--connection", "acme", "--", "sh", "-c", "true"],
                ),
                ("codeartifact", &["status"]),
                ("codeartifact", &["connect", "acme", "--duration", "1h"]),
            ];
            for (program, arguments) in commands {
                let what = format!("{} in {place}: {program} {arguments:?}", obstacle.0);
                let outcome = soon(&what, || sandbox.run(program, arguments));
                assert!(outcome.code.is_some(), "{what}: {outcome:?}");
                if place.ends_with("config.toml") {
                    let _ = outcome.failed();
                }
            }
            fs::remove_file(sandbox.path(place)).unwrap();
            if let Some(before) = before {
                fs::write(sandbox.path(place), before).unwrap();
            }
        }
    }
}

/// The files of a repository that another person wrote.
#[test]
fn in_the_place_of_a_projects_file() {
    let (sandbox, _emulator) = two_hops();
    let places = [
        ".npmrc",
        ".yarnrc.yml",
        ".yarnrc",
        "bunfig.toml",
        "pnpm-workspace.yaml",
        "package.json",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "uv.toml",
        "pyproject.toml",
        "pdm.toml",
        "poetry.toml",
    ];
    for place in places {
        for obstacle in OBSTACLES {
            put(&sandbox, &format!("work/{place}"), obstacle);
            let commands: [(&str, &[&str]); 2] = [
                ("codeartifact-npm", &["exec", "--", "sh", "-c", "true"]),
                (
                    "codeartifact",
                    &["exec", "--connection", "acme", "--", "sh", "-c", "true"],
                ),
            ];
            for (program, arguments) in commands {
                let what = format!("{} in {place}: {program}", obstacle.0);
                let outcome = soon(&what, || sandbox.run(program, arguments));
                // pyproject.toml has to be read; the others are the clients' to judge.
                let expected: &[i32] = match place {
                    "pyproject.toml" => &[0, 2, 3],
                    _ => &[0],
                };
                assert!(
                    outcome.code.is_some_and(|code| expected.contains(&code)),
                    "{what}: {outcome:?}"
                );
            }
            fs::remove_file(sandbox.path(&format!("work/{place}"))).unwrap();
        }
    }
}

/// Tokens that stand for a job, and what else a variable names.
#[test]
fn in_the_place_of_a_file_that_a_variable_names() {
    let (mut sandbox, _emulator) = two_hops();
    let start = sandbox.variables();
    let rows: [(&str, &[(&str, &str)]); 5] = [
        (
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            &[("AWS_ROLE_ARN", fixture::INTEGRATION_ROLE)],
        ),
        (
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            &[(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:9/credentials",
            )],
        ),
        ("AWS_CA_BUNDLE", &[]),
        ("SSL_CERT_FILE", &[]),
        ("CODEARTIFACT_CONFIG", &[]),
    ];
    for (variable, beside) in rows {
        for obstacle in OBSTACLES {
            put(&sandbox, "work/obstacle", obstacle);
            if !beside.is_empty() {
                sandbox.unset("AWS_ACCESS_KEY_ID");
                sandbox.unset("AWS_SECRET_ACCESS_KEY");
            }
            for (name, value) in beside {
                sandbox.set(name, *value);
            }
            sandbox.set(
                variable,
                sandbox.path("work/obstacle").display().to_string(),
            );
            for (program, arguments) in [
                ("codeartifact", &["token", fixture::PYPI][..]),
                ("keyring", &["get", fixture::PYPI, "aws"]),
            ] {
                let what = format!("{} for {variable}: {program}", obstacle.0);
                let outcome = soon(&what, || sandbox.run(program, arguments)).failed();
                assert!(outcome.stderr.contains("obstacle"), "{what}: {outcome:?}");
            }
            sandbox.restore(start.clone());
            fs::remove_file(sandbox.path("work/obstacle")).unwrap();
        }
    }
}

/// Sign-ins that `aws login` and `aws sso login` have kept, which the AWS crates read by themselves.
#[test]
fn in_the_place_of_a_sign_in() {
    let (mut sandbox, _emulator) = two_hops();
    sandbox.unset("AWS_ACCESS_KEY_ID");
    sandbox.unset("AWS_SECRET_ACCESS_KEY");
    sandbox.set("AWS_PROFILE", "a");
    let rows = [
        (
            "login_session = arn:aws:iam::0123456789012:user/Admin\nregion = us-east-1\n",
            "home/.aws/login/cache/36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726.json",
        ),
        (
            "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Developer\nregion = us-east-1\n\
             [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n",
            // The SHA-1 of `corp`.
            "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
        ),
    ];
    for (profile, file) in rows {
        sandbox.write("home/.aws/config", &format!("[profile a]\n{profile}"));
        for obstacle in OBSTACLES {
            put(&sandbox, file, obstacle);
            for (program, arguments) in [
                ("codeartifact", &["token", fixture::PYPI][..]),
                ("keyring", &["get", fixture::PYPI, "aws"]),
                ("codeartifact", &["test", "acme"]),
            ] {
                let what = format!("{} in {file}: {program}", obstacle.0);
                let outcome = soon(&what, || sandbox.run(program, arguments)).failed();
                let said = format!("{}{}", outcome.stdout, outcome.stderr);
                assert!(
                    said.contains(file.rsplit('/').next().unwrap()),
                    "{what}: {said}"
                );
            }
        }
    }
}

/// Our own records and locks, as another process of the user's could leave them.
#[test]
fn in_the_place_of_a_record_or_a_lock() {
    let (sandbox, _emulator) = two_hops();
    let token = || sandbox.run("keyring", &["get", fixture::PYPI, "aws"]);
    let _ = token().succeeded();
    let folder = sandbox.runtime_directory().join("codeartifact");
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    assert_eq!(
        names.len(),
        4,
        "a record and a lock for the token, and for the first role's session: {names:?}"
    );
    for obstacle in OBSTACLES {
        for path in &names {
            let _ = fs::remove_file(path);
            obstacle.1(path);
        }
        let what = format!("{} for records and locks", obstacle.0);
        let outcome = soon(&what, token).succeeded();
        assert_eq!(outcome.stdout.lines().count(), 1, "{what}");
        for path in &names {
            let _ = fs::remove_file(path);
        }
    }
}

/// Nobody finds the file that a job's tokens are handed over in by another name, and nobody changes it.
#[test]
fn a_file_in_memory_is_sealed_and_for_its_owner() {
    let (sandbox, _emulator) = two_hops();
    sandbox.write("work/.npmrc", &format!("registry={}\n", fixture::NPM));
    for file in ["NETRC", "npm_config_userconfig"] {
        let script = format!(
            "import os\nfile = os.environ['{file}']\nprint(oct(os.stat(file).st_mode & 0o777))\nos.write(os.open(file, os.O_WRONLY), b'x')\n"
        );
        let words = [
            "exec",
            "--connection",
            "acme",
            "--",
            "python3",
            "-c",
            &script,
        ];
        let outcome = sandbox.run("codeartifact", &words).exited(1);
        assert_eq!(outcome.stdout, "0o600\n", "{outcome:?}");
        let _ = outcome.says(&["Operation not permitted"]);
    }
}

/// `--project` writes in the project, whatever its links say.
#[test]
fn a_link_does_not_lead_a_setup_out_of_the_project() {
    let (sandbox, _emulator) = two_hops();
    sandbox.write("victim", "mine = true\n");
    sandbox.write("work/yarn.lock", "__metadata:\n  version: 8\n");
    symlink("../victim", sandbox.path("work/.yarnrc.yml")).unwrap();
    let words = ["setup", "yarn", "acme", "--default"];
    let _ = sandbox
        .run("codeartifact", &words)
        .failed()
        .says(&["outside"]);
    assert_eq!(sandbox.read("victim"), "mine = true\n");
    for (client, file) in [
        ("uv", "uv.toml"),
        ("uv", "pyproject.toml"),
        ("poetry", "pyproject.toml"),
        ("pdm", "pyproject.toml"),
    ] {
        let link = sandbox.path(&format!("work/{file}"));
        symlink("../victim", &link).unwrap();
        let words = ["setup", client, "acme", "--project"];
        let outcome = sandbox.run("codeartifact", &words).failed();
        let _ = outcome.says(&["outside"]);
        assert_eq!(sandbox.read("victim"), "mine = true\n", "{client}");
        fs::remove_file(link).unwrap();
    }
}
