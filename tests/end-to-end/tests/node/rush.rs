//! Rush, which fetches a package manager of its own from the registry, by npm, and starts it by its path: no link stands
//! before that. Its settings are `common/config/rush/.npmrc`.

use super::*;
use clients::NPM_11;

const RUSH: &str = r#"{
  "rushVersion": "5.179.0",
  "pnpmVersion": "10.34.9",
  "nodeSupportedVersionRange": ">=18.0.0",
  "projects": [{"packageName": "app", "projectFolder": "app"}]
}"#;
const APP: &str = r#"{"name": "app", "version": "1.0.0", "private": true, "dependencies": {"my-package": "^1.0.0"}}"#;
const NPMRC: &str = "common/config/rush/.npmrc";

fn desk(line: &str) -> Desk {
    let mut desk = Desk::with(NPM_11);
    // Rush asks there for newer releases of its own.
    desk.emulator.expect_other_hosts();
    desk.sandbox.client("rush", "rush");
    tokens::publish_pnpm(&desk);
    desk.sandbox.write("home/.npmrc", "");
    desk.sandbox.write("work/rush.json", RUSH);
    desk.sandbox.write("work/app/package.json", APP);
    let npmrc = format!("registry={NPM}\n{line}\n");
    desk.sandbox.write(&format!("work/{NPMRC}"), &npmrc);
    desk
}

impl Desk {
    /// With Rush's own package manager and all packages still to fetch; and nobody else gets the token.
    #[track_caller]
    fn rushes(&self, line: &str) {
        for folder in ["home/.rush", "home/.npm", "home/.cache", "work/common/temp"] {
            let _ = std::fs::remove_dir_all(self.sandbox.path(folder));
        }
        let before = self.emulator.journal().0.len();
        let _ = self.types(line).succeeded();
        assert!(
            self.sandbox
                .path("work/app/node_modules/my-package")
                .exists()
        );
        let journal = self.emulator.journal().after(before);
        let tarball = |it: &&codeartifact_end_to_end::Entry| it.path.ends_with(".tgz");
        assert!(journal.of("npm").iter().any(tarball), "{journal:#?}");
        for entry in &journal.0 {
            let is_ours = entry.host.contains(".d.codeartifact.");
            assert!(entry.status != Some(401), "{entry:#?}");
            assert!(is_ours || entry.authorization.is_none(), "{entry:#?}");
        }
    }
}

#[test]
fn its_own_package_manager_and_packages_are_fetched_with_the_token() {
    let desk = desk("");
    let _ = desk
        .types("codeartifact-npm --check")
        .exited(1)
        .says(&["my-repo"]);
    let _ = desk.types("rush update").failed();
    desk.rushes("codeartifact-npm && rush update");
    desk.rushes("codeartifact-npm --check && rush install");
    desk.rushes("codeartifact-npm exec -- rush install");
    desk.rushes("codeartifact-npm exec --no-file -- rush install");
    desk.rushes("codeartifact exec --connection acme -- rush install");
    assert_eq!(desk.emulator.journal().mints(), 1);
}

/// Rush leaves a line out of what it hands on while its variable is not set.
#[test]
fn a_committed_line_with_a_variable() {
    let key = NPM.trim_start_matches("https:");
    let desk = desk(&format!("{key}:_authToken=${{CODEARTIFACT_AUTH_TOKEN}}"));
    desk.rushes("codeartifact-npm && rush update");
    desk.rushes("codeartifact-npm exec -- rush install");
}
