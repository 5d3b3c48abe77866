//! Folders of the user: home, and one each for our configuration, cache, state and data.
//!
//! On Linux and the BSDs these are read from the variables of the XDG Base Directory Specification, and home from HOME or
//! `/etc/passwd`: the library that other systems need asks the C library's user database, which a program that is linked
//! statically must not contain (glibc would load a second libc into it).
//!
//! On Windows the variables USERPROFILE, APPDATA and LOCALAPPDATA decide before the system's known folders: npm, uv, go and
//! NuGet read them, and a test has a home of its own by them alone.

use std::path::PathBuf;

use super::Environment;
use super::names::HOME;
#[cfg(any(target_os = "macos", windows))]
use super::names::USERPROFILE;
#[cfg(windows)]
use super::names::{APPDATA, LOCALAPPDATA};

/// The name of our own folder in each of them.
const OURS: &str = "codeartifact";

/// A folder of ours.
pub(super) struct Folder {
    #[cfg(not(any(target_os = "macos", windows)))]
    variable: &'static str,
    below_home: &'static str,
    #[cfg(target_os = "macos")]
    of_system: fn(&directories::ProjectDirs) -> &std::path::Path,
    /// The variable, and what is below our own folder there.
    #[cfg(windows)]
    of_profile: (&'static str, &'static str),
}

pub(super) const CONFIGURATION: Folder = Folder {
    #[cfg(not(any(target_os = "macos", windows)))]
    variable: "XDG_CONFIG_HOME",
    below_home: ".config",
    #[cfg(target_os = "macos")]
    of_system: directories::ProjectDirs::config_dir,
    #[cfg(windows)]
    of_profile: (APPDATA, "config"),
};

pub(super) const CACHE: Folder = Folder {
    #[cfg(not(any(target_os = "macos", windows)))]
    variable: "XDG_CACHE_HOME",
    below_home: ".cache",
    #[cfg(target_os = "macos")]
    of_system: directories::ProjectDirs::cache_dir,
    #[cfg(windows)]
    of_profile: (LOCALAPPDATA, "cache"),
};

pub(super) const STATE: Folder = Folder {
    #[cfg(not(any(target_os = "macos", windows)))]
    variable: "XDG_STATE_HOME",
    below_home: ".local/state",
    #[cfg(target_os = "macos")]
    of_system: directories::ProjectDirs::data_local_dir,
    #[cfg(windows)]
    of_profile: (LOCALAPPDATA, "data"),
};

pub(super) const DATA: Folder = Folder {
    #[cfg(not(any(target_os = "macos", windows)))]
    variable: "XDG_DATA_HOME",
    below_home: ".local/share",
    #[cfg(target_os = "macos")]
    of_system: directories::ProjectDirs::data_local_dir,
    #[cfg(windows)]
    of_profile: (LOCALAPPDATA, "data"),
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
    #[cfg(target_os = "macos")]
    pub(super) fn of_process(&self, _: &Environment) -> Option<PathBuf> {
        let ours = directories::ProjectDirs::from("", "", OURS)?;
        Some((self.of_system)(&ours).to_owned())
    }

    /// As the user's profile has it.
    #[cfg(windows)]
    pub(super) fn of_process(&self, environment: &Environment) -> Option<PathBuf> {
        let (variable, below) = self.of_profile;
        let named = environment.variable(variable).map(PathBuf::from);
        let root = named.filter(|path| path.is_absolute()).or_else(|| {
            let base = directories::BaseDirs::new()?;
            let is_local = variable == LOCALAPPDATA;
            let folder = if is_local {
                base.data_local_dir()
            } else {
                base.config_dir()
            };
            Some(folder.to_owned())
        });
        Some(root?.join(OURS).join(below))
    }
}

/// The home directory of this process's user.
#[cfg(any(target_os = "macos", windows))]
pub(super) fn home(environment: &Environment) -> Option<PathBuf> {
    let variable = if cfg!(windows) { USERPROFILE } else { HOME };
    let named = environment.variable(variable).map(PathBuf::from);
    let named = named.filter(|path| path.is_absolute());
    named.or_else(|| directories::BaseDirs::new().map(|base| base.home_dir().to_owned()))
}

/// The home directory of this process's user.
#[cfg(not(any(target_os = "macos", windows)))]
pub(super) fn home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable(HOME).map(PathBuf::from);
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
