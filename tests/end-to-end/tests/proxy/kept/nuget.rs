//! NuGet's packages are kept by the hashes that CodeArtifact's API lists; the client is NuGet 5.8 on Mono.

use super::*;

/// NuGet's own documents have no hash of a file, so AWS's API is asked, which takes a permission.
#[test]
fn without_the_permission_nugets_files_are_passed_on() {
    let platform = platform();
    platform.emulator.fault(
        r#"{"fault": "refuse", "action": "codeartifact:ListPackageVersionAssets", "code": "AccessDeniedException",
            "message": "not authorized to perform: codeartifact:ListPackageVersionAssets", "status": 403}"#,
    );
    let url = format!("https://{HOST}/{}", FILES[5]);
    let script =
        format!("set -e; for round in 1 2; do curl --fail --silent {url} | sha256sum; done");
    let outcome = platform
        .exec(&["--journal", "../journal.jsonl"], &script)
        .succeeded();
    assert_eq!(platform.decisions(), ["forwarded", "forwarded"]);
    let said = "NuGet packages of connection `acme` are not kept: AWS: not authorized";
    assert_eq!(outcome.stderr.matches(said).count(), 1, "{outcome:?}");
    let outcome = outcome.says(&["hint: `codeartifact policy permissions acme`"]);
    assert_no_token(&outcome.stderr, "what is said");
}

const NUGET: &str = "/../.clients/nuget/node_modules/nuget-exe/nuget-5.8.0.exe";

/// Mono trusts a store of its own, which `cert-sync` fills.
#[test]
fn nuget_of_another_job_reads_no_archive() {
    let mono = Path::new("/usr/bin/mono");
    if !mono.exists() {
        eprintln!("skipped: mono is not installed (apt-get install mono-complete)");
        return;
    }
    let platform = platform();
    for tool in ["mono", "cert-sync"] {
        platform
            .sandbox
            .link(tool, &Path::new("/usr/bin").join(tool));
    }
    let install = |folder: &str| {
        let script = format!(
            "set -e; export HOME=$PWD/home-{folder}; mkdir $HOME; cert-sync --quiet --user $SSL_CERT_FILE; mono {}{NUGET} install My.Package -OutputDirectory {folder} \
             -Source https://{HOST}/nuget/my-repo/v3/index.json -NoCache -DirectDownload -NonInteractive",
            env!("CARGO_MANIFEST_DIR")
        );
        let _ = platform.exec(&["--others", "refuse"], &script).succeeded();
        let installed = format!("work/{folder}/My.Package.1.1.0/My.Package.1.1.0.nupkg");
        assert!(platform.sandbox.path(&installed).is_file(), "{folder}");
        platform.asked("nuget/my-repo/v3/flatcontainer/my.package/1.1.0/my.package.1.1.0.nupkg")
    };
    assert_eq!(install("one"), 1);
    assert_eq!(install("two"), 1, "the second job has the kept file");
    let kept = platform.contents();
    fs::write(&kept[0], "something else").unwrap();
    assert_eq!(install("three"), 2, "a changed file is read from AWS again");
    assert_eq!(install("four"), 2);
}
