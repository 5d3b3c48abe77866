//! The texts of keyring 25.7 about itself, as its argparse lays them out, and our own help. It decides nothing.

/// The command that we play.
pub(crate) const PLAYED: &str = "keyring";

/// The answer to `codeartifact-keyring --help`.
pub(crate) const OWN_HELP: &str = "\
usage: codeartifact-keyring [-h] [--version] [--mode {password,creds}]
                            [--output {plain,json}]
                            {get,set,del,diagnose} [service] [username]

Answers `get` for AWS CodeArtifact as the keyring command does: give it the name
`keyring` in a directory of PATH. Everything else is handed to the next keyring there.

options:
  -h, --help            show this help message and exit
  --version             show the version and exit
  --mode {password,creds}
                        `creds` answers with the user name, too, and needs none
  --output {plain,json}
                        the form of the answer
";

const USAGE: &str = "\
usage: keyring [-h] [-p KEYRING_PATH] [-b KEYRING_BACKEND] [--list-backends]
               [--disable] [--mode {password,creds}] [--output {plain,json}]
               [--print-completion {bash,zsh,tcsh}]
               [{get,set,del,diagnose}] [service] [username]
";

const DETAILS: &str = "
positional arguments:
  {get,set,del,diagnose}
  service
  username

options:
  -h, --help            show this help message and exit
  -p KEYRING_PATH, --keyring-path KEYRING_PATH
                        Path to the keyring backend
  -b KEYRING_BACKEND, --keyring-backend KEYRING_BACKEND
                        Name of the keyring backend
  --list-backends       List keyring backends and exit
  --disable             Disable keyring and exit
  --mode {password,creds}
                        Mode for 'get' operation. 'password' requires a
                        username and will return only the password. 'creds'
                        does not require a username and will return both the
                        username and password separated by a newline. Default
                        is 'password'
  --output {plain,json}
                        Output format for 'get' operation. Default is 'plain'
  --print-completion {bash,zsh,tcsh}
                        print shell completion script
";

/// keyring's help.
pub(crate) fn help() -> String {
    format!("{USAGE}{DETAILS}")
}

/// The text that argparse writes before it exits with 2.
pub(crate) fn error(message: &str) -> String {
    format!("{USAGE}{PLAYED}: error: {message}\n")
}
