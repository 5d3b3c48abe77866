//! Folders of the user: home, and one each for our configuration, cache, state and data.
//!
//! On Linux and the BSDs these are read from the variables of the XDG Base Directory Specification, and home from HOME or
//! `/etc/passwd`: the library that other systems need asks the C library's user database, which a program that is linked
//! statically must not contain (glibc would load a second libc into it).

use std::path::PathBuf;

use super::Environment;

/// The name of our own folder in each of them.
const OURS: &str = "codeartifact";

/// A folder of ours.
pub(super) struct Folder {
    #[cfg_attr(
        any(target_os = "macos", windows),
        expect(dead_code, reason = "these systems have no such variables")
    )]
    variable: &'static str,
    below_home: &'static str,
    #[cfg(any(target_os = "macos", windows))]
    of_system: fn(&directories::ProjectDirs) -> &std::path::Path,
}

pub(super) const CONFIGURATION: Folder = Folder {
    variable: "XDG_CONFIG_HOME",
    below_home: ".config",
    #[cfg(any(target_os = "macos", windows))]
    of_system: directories::ProjectDirs::config_dir,
};

pub(super) const CACHE: Folder = Folder {
    variable: "XDG_CACHE_HOME",
    below_home: ".cache",
    #[cfg(any(target_os = "macos", windows))]
    of_system: directories::ProjectDirs::cache_dir,
};

pub(super) const STATE: Folder = Folder {
    variable: "XDG_STATE_HOME",
    below_home: ".local/state",
    #[cfg(any(target_os = "macos", windows))]
    of_system: directories::ProjectDirs::data_local_dir,
};

pub(super) const DATA: Folder = Folder {
    variable: "XDG_DATA_HOME",
    below_home: ".local/share",
    #[cfg(any(target_os = "macos", windows))]
    of_system: directories::ProjectDirs::data_local_dir,
};

impl Folder {
    /// Below a home that is spelled out.
    pub(super) fn below_home(&self, environment: &Environment) -> Option<PathBuf> {
        Some(environment.home()?.join(self.below_home).join(OURS))
    }

    /// As the system has it for this process. A relative path in a variable is ignored, as the specification asks.
    #[cfg(not(any(target_os = "macos", windows)))]
    pub(super) fn of_process(&self, environment: &Environment) -> Option<PathBuf> {
        let named = environment.variable(self.variable).map(PathBuf::from);
        let named = named.filter(|path| path.is_absolute());
        named.map_or_else(
            || self.below_home(environment),
            |path| Some(path.join(OURS)),
        )
    }

    /// As the system has it for this process.
    #[cfg(any(target_os = "macos", windows))]
    pub(super) fn of_process(&self, _: &Environment) -> Option<PathBuf> {
        let ours = directories::ProjectDirs::from("", "", OURS)?;
        Some((self.of_system)(&ours).to_owned())
    }
}

/// The home directory of this process's user.
#[cfg(any(target_os = "macos", windows))]
pub(super) fn home(_: &Environment) -> Option<PathBuf> {
    directories::BaseDirs::new().map(|base| base.home_dir().to_owned())
}

/// The home directory of this process's user.
#[cfg(not(any(target_os = "macos", windows)))]
pub(super) fn home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable("HOME").map(PathBuf::from);
    named.or_else(passwd::home)
}

#[cfg(not(any(target_os = "macos", windows)))]
mod passwd {
    //! `/etc/passwd`, for the few processes that have no HOME: cron jobs, init systems.

    use std::fs::File;
    use std::io::{BufRead, BufReader};
    use std::path::PathBuf;

    pub(super) fn home() -> Option<PathBuf> {
        let file = File::open("/etc/passwd").ok()?;
        home_of(BufReader::new(file), rustix::process::getuid().as_raw())
    }

    /// The sixth field of the first line that has this user's number in the third (`passwd(5)`).
    fn home_of(passwd: impl BufRead, uid: u32) -> Option<PathBuf> {
        let uid = uid.to_string();
        passwd.lines().map_while(Result::ok).find_map(|line| {
            let fields: Vec<_> = line.split(':').collect();
            let home = fields.get(5).filter(|home| home.starts_with('/'))?;
            (fields[2] == uid).then(|| PathBuf::from(home))
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn home_is_the_sixth_field_of_the_users_line() {
            let text = "root:x:0:0:root:/root:/bin/sh\n# comment\nshort:x:7\nada:x:1000:1000:Ada,,,:/home/ada:/bin/sh\n\
                        bad:x:1001:1001::relative:/bin/sh\nlast:x:1002:1002::/home/last:";
            let rows = [
                (0, Some("/root")),
                (1000, Some("/home/ada")),
                (1002, Some("/home/last")),
                (1001, None),
                (7, None),
                (1, None),
            ];
            for (uid, expected) in rows {
                let found = home_of(text.as_bytes(), uid);
                assert_eq!(found, expected.map(PathBuf::from), "{uid}");
            }
        }
    }
}
