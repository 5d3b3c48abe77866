//! What keyring says about itself: usage, help, errors, as argparse lays them out in 80 columns.
//! It decides nothing.

const OPTIONS: &[&str] = &[
    "[-h]",
    "[-p KEYRING_PATH]",
    "[-b KEYRING_BACKEND]",
    "[--list-backends]",
    "[--disable]",
    "[--mode {password,creds}]",
    "[--output {plain,json}]",
    "[--print-completion {bash,zsh,tcsh}]",
];

const POSITIONALS: &[&str] = &["[{get,set,del,diagnose}]", "[service]", "[username]"];

/// argparse keeps two columns free.
const WIDTH: usize = 78;

const PREFIX: &str = "usage: ";

/// Who we are, when we are called by our own name.
const ABOUT: &str = "\
Answers `get` for AWS CodeArtifact as the keyring command does: give it the name
`keyring` in a directory of PATH. Everything else is handed to the next keyring there.

";

const HELP: &str = "\
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
pub(crate) fn help(program: &str) -> String {
    format!("{}\n{HELP}", usage(program))
}

/// keyring's help, and what we are beside it.
pub(crate) fn own_help(program: &str) -> String {
    format!("{}\n{ABOUT}{HELP}", usage(program))
}

/// What argparse writes before it exits with 2.
pub(crate) fn error(program: &str, message: &str) -> String {
    format!("{}{program}: error: {message}\n", usage(program))
}

/// What Python says when a back end's module is not there: without Python, none is.
pub(crate) fn no_backend(name: &str) -> String {
    let reason = match name.rsplit_once('.') {
        Some((module, _)) => {
            let package = module.split('.').next().unwrap_or(module);
            format!("No module named '{package}'")
        }
        None => "Empty module name".to_owned(),
    };
    format!("Unable to load specified keyring: {reason}")
}

fn usage(program: &str) -> String {
    let indent = PREFIX.len() + program.chars().count() + 1;
    let mut lines = wrap(OPTIONS, indent);
    lines.extend(wrap(POSITIONALS, indent));
    let lines = lines.join(&format!("\n{}", " ".repeat(indent)));
    format!("{PREFIX}{program} {lines}\n")
}

fn wrap(parts: &[&str], indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if indent + line.len() + 1 + part.len() <= WIDTH => {
                line.push(' ');
                line.push_str(part);
            }
            _ => lines.push((*part).to_owned()),
        }
    }
    lines
}
