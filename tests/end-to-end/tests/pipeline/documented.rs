//! The CI jobs of the README install packages, run to the letter.

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::{INTEGRATION_ROLE, NPM};

use crate::{CONFIG, GITHUB, MAIN, id_token, job};

/// The workflow of the README, step by step, as a runner runs it.
#[test]
fn the_documented_workflow_installs_packages() {
    let (mut sandbox, emulator) = job("");
    sandbox.client("npm", "npm");
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    let workflow = documented(&sandbox, "# .github/workflows/build.yml");
    let job = &workflow["jobs"]["build"];
    assert_eq!(job["permissions"]["id-token"], "write", "{workflow}");
    set_all(&mut sandbox, &job["env"]);
    sandbox.write("work/package.json", "{\"private\": true}\n");
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    for step in job["steps"].as_array().unwrap() {
        let Some(script) = step["run"].as_str() else {
            continue;
        };
        let _ = sandbox.run("sh", &["-ec", script]).succeeded();
    }
    assert_eq!(emulator.journal().mints(), 1);
    assert!(!emulator.journal().of("npm:tarball").is_empty());
}

/// GitLab's job of the README, with the token that GitLab puts into the variable.
#[test]
fn the_documented_job_of_gitlab_installs_packages() {
    let (mut sandbox, emulator) = job("");
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    let job = &documented(&sandbox, "# .gitlab-ci.yml")["build"];
    with_pip(&mut sandbox);
    for (name, token) in job["id_tokens"].as_object().unwrap() {
        let audience = token["aud"].as_str().unwrap();
        let subject = "project_path:my-group/my-app:ref_type:branch:ref:main";
        let token = id_token(&emulator, "gitlab.com", subject, audience);
        sandbox.set(name, token);
    }
    set_all(&mut sandbox, &job["variables"]);
    for script in job["script"].as_array().unwrap() {
        let script = script.as_str().unwrap();
        let _ = sandbox.run("sh", &["-ec", script]).succeeded();
    }
    assert_eq!(emulator.journal().mints(), 1);
    assert!(!emulator.journal().of("pypi:file").is_empty());
}

/// The README's pod, with what IRSA puts into it: a token in a file, and the name of the first role.
#[test]
fn the_documented_pod_installs_packages() {
    let (mut sandbox, emulator) = job("");
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    let pod = documented(&sandbox, "# pod.yaml");
    with_pip(&mut sandbox);
    sandbox.write(
        "home/token",
        &id_token(&emulator, GITHUB, MAIN, "sts.amazonaws.com"),
    );
    sandbox.set("AWS_ROLE_ARN", INTEGRATION_ROLE);
    let file = sandbox.path("home/token").display().to_string();
    sandbox.set("AWS_WEB_IDENTITY_TOKEN_FILE", file);
    let container = &pod["spec"]["containers"][0];
    for variable in container["env"].as_array().unwrap() {
        let text = |key: &str| variable[key].as_str().unwrap().to_owned();
        sandbox.set(&text("name"), text("value"));
    }
    let words = container["command"].as_array().unwrap();
    let words: Vec<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
    let _ = sandbox.run(words[0], &words[1..]).succeeded();
    assert_eq!(emulator.journal().mints(), 1);
    assert!(!emulator.journal().of("pypi:file").is_empty());
}

/// A YAML block of the README, by its first line.
fn documented(sandbox: &Sandbox, first_line: &str) -> serde_json::Value {
    let readme = include_str!("../../../../README.md");
    let start = format!("```yaml\n{first_line}");
    let (_, rest) = readme.split_once(&start).unwrap();
    let (block, _) = rest.split_once("\n```").unwrap();
    let (_, block) = block.split_once('\n').unwrap();
    sandbox.write("work/block.yml", block);
    sandbox.client("awscli", "python");
    let script = "import json, yaml; print(json.dumps(yaml.safe_load(open('block.yml'))))";
    let read = sandbox.run("python", &["-c", script]).succeeded();
    serde_json::from_str(&read.stdout).unwrap()
}

fn set_all(sandbox: &mut Sandbox, variables: &serde_json::Value) {
    for (name, value) in variables.as_object().unwrap() {
        sandbox.set(name, value.as_str().unwrap());
    }
}

/// pip, and an environment to install into.
fn with_pip(sandbox: &mut Sandbox) {
    sandbox.client("pip", "pip");
    sandbox.unset("PIP_CONFIG_FILE");
    let venv = ["-m", "venv", "--without-pip", "venv"];
    let _ = sandbox.run("python3", &venv).succeeded();
    let python = sandbox.path("work/venv/bin/python").display().to_string();
    sandbox.set("PIP_PYTHON", python);
}
