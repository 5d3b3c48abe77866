//! Version managers as they lay out their folders and write their lines into a profile: after our line they win, and setup and
//! doctor name what is found first and both lines; before it, our links do their work through them.

use super::*;
use clients::NPM_11;

const SHIMS: &str = "export PATH=\"$HOME/.local/share/codeartifact/shims:$PATH\"\n";

/// A version manager.
struct Manager {
    name: &'static str,
    /// The npm that a shell finds.
    folder: &'static str,
    /// The line that it writes into a profile, or has the user write.
    profile: &'static str,
    /// The line of these that decides, counted from 1.
    line: usize,
    /// Files of its own.
    files: &'static [(&'static str, &'static str)],
}

/// Its function `nvm_change_path` puts the version's folder in front.
const NVM: Manager = Manager {
    name: "nvm",
    folder: "home/.nvm/versions/node/v20.20.2/bin",
    profile: "export NVM_DIR=\"$HOME/.nvm\"\n\
        [ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"  # This loads nvm\n\
        [ -s \"$NVM_DIR/bash_completion\" ] && \\. \"$NVM_DIR/bash_completion\"  # This loads nvm bash_completion\n",
    line: 2,
    files: &[(
        "home/.nvm/nvm.sh",
        "export PATH=\"$NVM_DIR/versions/node/v20.20.2/bin:$PATH\"\n",
    )],
};

/// Each command is its `volta-shim`, which takes its own folder off PATH and puts the version's there.
const VOLTA: Manager = Manager {
    name: "volta",
    folder: "home/.volta/tools/image/npm/11.21.2/bin",
    profile: "export VOLTA_HOME=\"$HOME/.volta\"\nexport PATH=\"$VOLTA_HOME/bin:$PATH\"\n",
    line: 2,
    files: &[(
        "home/.volta/bin/npm",
        "#!/bin/sh\nimage=$HOME/.volta/tools/image/npm/11.21.2/bin\nrest=:$PATH:\n\
         PATH=$image:${rest%%:$HOME/.volta/bin:*}:${rest#*:$HOME/.volta/bin:} exec $image/npm \"$@\"\n",
    )],
};

/// Until 0.15, from a script.
const ASDF: Manager = Manager {
    name: "asdf",
    folder: "home/.asdf/installs/nodejs/20.20.2/bin",
    profile: ". \"$HOME/.asdf/asdf.sh\"\n. \"$HOME/.asdf/completions/asdf.bash\"\n",
    line: 1,
    files: &[
        (
            "home/.asdf/asdf.sh",
            "export PATH=\"$HOME/.asdf/bin:$HOME/.asdf/shims:$PATH\"\n",
        ),
        ("home/.asdf/completions/asdf.bash", ""),
        ("home/.asdf/bin/asdf", ASDF_EXEC),
        ("home/.asdf/shims/npm", ASDF_SHIM),
    ],
};

/// From 0.16 on, a program, and one line.
const ASDF_16: Manager = Manager {
    profile: "export PATH=\"${ASDF_DATA_DIR:-$HOME/.asdf}/shims:$PATH\"\n",
    files: &[("bin/asdf", ASDF_EXEC), ("home/.asdf/shims/npm", ASDF_SHIM)],
    ..ASDF
};

const ASDF_SHIM: &str = "#!/bin/sh\n# asdf-plugin: nodejs 20.20.2\nexec asdf exec \"npm\" \"$@\"\n";
const ASDF_EXEC: &str = "#!/bin/sh\nshift\nfolder=$HOME/.asdf/installs/nodejs/20.20.2/bin\n\
     command=$1\nshift\nPATH=$folder:$PATH exec $folder/$command \"$@\"\n";

impl Manager {
    /// The only npm of the machine is this one's.
    fn desk(&self) -> Desk {
        let desk = Desk::with(NPM_11);
        let npm = desk.sandbox.path("bin/npm");
        let folder = desk.sandbox.path(self.folder);
        std::fs::create_dir_all(&folder).unwrap();
        let program = npm.canonicalize().unwrap();
        std::os::unix::fs::symlink(program, folder.join("npm")).unwrap();
        std::fs::remove_file(npm).unwrap();
        for (file, text) in self.files {
            if text.starts_with("#!") {
                desk.sandbox.write_program(file, text);
            } else {
                desk.sandbox.write(file, text);
            }
        }
        desk.sandbox
            .write("work/.npmrc", &format!("registry={NPM}\n"));
        desk.sandbox.link("bash", Path::new("/bin/bash"));
        desk
    }
}

impl Desk {
    /// Typed into a new shell with this profile.
    fn new_shell(&self, profile: &str, line: &str) -> Outcome {
        self.sandbox.write("home/.bashrc", profile);
        let line = format!(". ~/.bashrc\n{line}");
        self.sandbox.run("bash", &["-c", &line])
    }
}

#[test]
fn the_winner_and_both_lines_are_named() {
    for manager in [NVM, VOLTA, ASDF, ASDF_16] {
        let desk = manager.desk();
        let (before, after) = (
            format!("{SHIMS}{}", manager.profile),
            format!("{}{SHIMS}", manager.profile),
        );
        let wins = |said: &str| {
            let profile = desk.sandbox.path("home/.bashrc").display().to_string();
            let lines = format!(
                "move this line ({profile}:1) behind that of {} ({profile}:{})",
                manager.name,
                manager.line + 1
            );
            assert!(
                said.contains("npm is found before our link") && said.contains(&lines),
                "{said}"
            );
        };
        let set_up = desk.new_shell(&before, "codeartifact setup npm --no-test");
        wins(&set_up.succeeded().stderr);
        let set_up = desk.new_shell(&before, "codeartifact setup npm");
        wins(&set_up.failed().stderr);
        let seen = desk.new_shell(&before, "codeartifact doctor npm").failed();
        wins(&seen.stdout);
        // It is passed by, too, while yesterday's token is good.
        let _ = desk.new_shell(&before, "codeartifact-npm").succeeded();
        let seen = desk.new_shell(&before, "codeartifact doctor npm");
        assert!(seen.stdout.contains("✓ npm 11"), "{seen:?}");
        wins(&seen.stdout);

        std::fs::write(desk.sandbox.path("home/.npmrc"), "").unwrap();
        let works =
            "npm view my-package version && codeartifact setup npm && codeartifact doctor npm";
        let works = desk.new_shell(&after, works).succeeded();
        assert!(
            works.stdout.contains("1.1.0") && !works.stdout.contains('!'),
            "{works:?}"
        );
        assert_eq!(works.stderr, "");
        assert_eq!(desk.emulator.journal().mints(), 1);
    }
}

/// The profile is as it should be, and this shell was begun before.
#[test]
fn a_shell_from_before_the_line_was_moved() {
    let desk = NVM.desk();
    let set_up = format!(
        "codeartifact setup npm --no-test; echo '{}' >> ~/.bashrc; codeartifact setup npm --no-test",
        SHIMS.trim()
    );
    let before = format!("{SHIMS}{}", NVM.profile);
    let said = desk.new_shell(&before, &set_up).succeeded();
    let _ = said.says(&[
        "hint: open a new shell: ",
        ".bashrc:5 is behind that of nvm",
    ]);
}

/// `corepack enable` puts pnpm and yarn beside the npm of nvm, and pnpm's own installer a folder of its own in front.
#[test]
fn one_word_for_each_folder_that_wins() {
    let desk = NVM.desk();
    for (folder, command) in [
        (NVM.folder, "pnpm"),
        (NVM.folder, "yarn"),
        ("home/.local/share/pnpm", "pnpm"),
    ] {
        desk.sandbox.client("corepack", command);
        let program = desk.sandbox.path("bin").join(command);
        let folder = desk.sandbox.path(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::rename(program, folder.join(command)).unwrap();
    }
    let pnpm = "export PNPM_HOME=\"$HOME/.local/share/pnpm\"\nexport PATH=\"$PNPM_HOME:$PATH\"\n";
    let nvm = NVM.profile;
    let set_up = "codeartifact setup npm --no-test";
    let all = desk
        .new_shell(&format!("{SHIMS}{nvm}{pnpm}"), set_up)
        .succeeded();
    let all = all.says(&["behind that of nvm", "behind that of pnpm"]);
    assert_eq!(all.stderr.matches("hint: ").count(), 2, "{all:?}");
    let one = desk
        .new_shell(&format!("{nvm}{SHIMS}{pnpm}"), set_up)
        .succeeded();
    let one = one.says(&["share/pnpm/pnpm is found before", "behind that of pnpm"]);
    assert_eq!(one.stderr.matches("hint: ").count(), 1, "{one:?}");
    let none = desk
        .new_shell(&format!("{nvm}{pnpm}{SHIMS}"), set_up)
        .succeeded();
    assert_eq!(none.stderr, "");
}
