//! keyring 25.7's command line: arguments → [`Request`]. It reads what clients and people write; argparse's rarer
//! spellings (`--mo creds`, `-pPATH`) are left to the next keyring. It prints nothing and does not know whose service
//! is asked for.

/// A call of keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Get {
        service: String,
        /// The person's. With `--mode`, it is the client's: pdm tries `__token__` by itself.
        user: Option<String>,
        mode: Mode,
        form: Form,
    },
    Set {
        service: String,
    },
    Del {
        service: String,
    },
    /// Any of these three, of the back end that `--keyring-backend` names and of no other.
    OfBackend,
    Diagnose,
    ListBackends,
    Disable,
    PrintCompletion,
    Help,
    /// A mistake, in the words that argparse has after `error: `.
    Wrong(String),
}

/// The parts of an answer to `get`: the password alone, or user and password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Password,
    Creds,
}

/// The form of an answer to `get`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    Plain,
    Json,
}

const OPERATIONS: &[&str] = &["get", "set", "del", "diagnose"];

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: &[String]) -> Request {
    let request = Given::read(arguments).and_then(|given| given.request());
    request.unwrap_or_else(|stop| stop)
}

/// The arguments so far.
#[derive(Default)]
struct Given<'a> {
    has_backend: bool,
    has_mode: bool,
    mode: Mode,
    form: Form,
    list_backends: bool,
    disable: bool,
    words: Vec<&'a str>,
    unrecognized: Vec<&'a str>,
}

impl<'a> Given<'a> {
    /// An error and `--help` end the reading at once: what follows is not looked at.
    fn read(arguments: &'a [String]) -> Result<Self, Request> {
        let mut given = Self::default();
        let mut rest = arguments.iter().map(String::as_str);
        while let Some(argument) = rest.next() {
            match argument {
                "--" => rest.by_ref().try_for_each(|word| given.place(word))?,
                "-h" | "--help" => return Err(Request::Help),
                "--list-backends" => given.list_backends = true,
                "--disable" => given.disable = true,
                option if option.starts_with('-') && option != "-" => {
                    given.option(option, &mut rest)?;
                }
                word => given.place(word)?,
            }
        }
        Ok(given)
    }

    /// Operation, service, user name; what comes after them is one too many.
    fn place(&mut self, word: &'a str) -> Result<(), Request> {
        match self.words.len() {
            0 => self.words.push(choice("operation", OPERATIONS, word)?),
            1 | 2 => self.words.push(word),
            _ => self.unrecognized.push(word),
        }
        Ok(())
    }

    /// An option with a value, behind `=` or in the next argument.
    fn option(
        &mut self,
        argument: &'a str,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), Request> {
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (argument, None),
        };
        let (name, choices): (_, &[&str]) = match option {
            "--mode" => (option, &["password", "creds"]),
            "--output" => (option, &["plain", "json"]),
            "--print-completion" => (option, &["bash", "zsh", "tcsh"]),
            "-b" | "--keyring-backend" => ("-b/--keyring-backend", &[]),
            "-p" | "--keyring-path" => ("-p/--keyring-path", &[]),
            _ => {
                self.unrecognized.push(argument);
                return Ok(());
            }
        };
        let Some(value) = value.or_else(|| rest.next()) else {
            return wrong(format!("argument {name}: expected one argument"));
        };
        self.has_mode |= name == "--mode";
        match (name, choice(name, choices, value)?) {
            ("--mode", "creds") => self.mode = Mode::Creds,
            ("--mode", _) => self.mode = Mode::Password,
            ("--output", "json") => self.form = Form::Json,
            ("--output", _) => self.form = Form::Plain,
            ("--print-completion", _) => return Err(Request::PrintCompletion),
            ("-b/--keyring-backend", _) => self.has_backend = true,
            // It only says where to look for the back end.
            _ => {}
        }
        Ok(())
    }

    /// In keyring's own order: what is listed first wins over what would also be an error.
    fn request(&self) -> Result<Request, Request> {
        if !self.unrecognized.is_empty() {
            let all = self.unrecognized.join(" ");
            return wrong(format!("unrecognized arguments: {all}"));
        }
        if self.list_backends {
            return Ok(Request::ListBackends);
        }
        if self.disable {
            return Ok(Request::Disable);
        }
        match self.words.first() {
            Some(&"diagnose") => Ok(Request::Diagnose),
            Some(operation) => self.about_service(operation),
            None => wrong(format!("Specify operation ({}).", OPERATIONS.join(", "))),
        }
    }

    fn user(&self) -> Option<String> {
        let user = self.words.get(2).filter(|_| !self.has_mode)?;
        Some((*user).to_owned())
    }

    fn about_service(&self, operation: &str) -> Result<Request, Request> {
        let needs_user = operation != "get" || self.mode == Mode::Password;
        let needed = if needs_user { 3 } else { 2 };
        let service = match self.words.get(1) {
            Some(service) if self.words.len() >= needed => (*service).to_owned(),
            _ if needs_user => return wrong(format!("{operation} requires service and username")),
            _ => return wrong(format!("{operation} requires service")),
        };
        Ok(match operation {
            _ if self.has_backend => Request::OfBackend,
            "set" => Request::Set { service },
            "del" => Request::Del { service },
            _ => Request::Get {
                service,
                user: self.user(),
                mode: self.mode,
                form: self.form,
            },
        })
    }
}

/// `value` if it is one of `choices`; without choices, any is.
fn choice<'a>(name: &str, choices: &[&str], value: &'a str) -> Result<&'a str, Request> {
    if choices.is_empty() || choices.contains(&value) {
        return Ok(value);
    }
    let choices = choices.iter().map(|choice| format!("'{choice}'"));
    let choices = choices.collect::<Vec<_>>().join(", ");
    wrong(format!(
        "argument {name}: invalid choice: '{value}' (choose from {choices})"
    ))
}

fn wrong<T>(message: String) -> Result<T, Request> {
    Err(Request::Wrong(message))
}

impl Request {
    /// The service that may be ours.
    pub(crate) fn service(&self) -> Option<&str> {
        match self {
            Request::Get { service, .. } | Request::Set { service } | Request::Del { service } => {
                Some(service)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Request {
        let arguments: Vec<String> = line
            .split_whitespace()
            .map(|word| word.replace("''", ""))
            .collect();
        parse(&arguments)
    }

    fn get(user: &str, mode: Mode, form: Form) -> Request {
        Request::Get {
            service: "S".to_owned(),
            user: Some(user.to_owned()).filter(|it| it != "none"),
            mode,
            form,
        }
    }

    #[test]
    fn every_client_spells_get_its_own_way() {
        use Form::{Json, Plain};
        use Mode::{Creds, Password};
        let rows = [
            (
                "pip",
                "--mode=creds --output=json get S",
                "none",
                Creds,
                Json,
            ),
            (
                "pip",
                "--mode=creds --output=json get S aws",
                "none",
                Creds,
                Json,
            ),
            ("uv", "get S aws", "aws", Password, Plain),
            ("uv", "get S --mode creds", "none", Creds, Plain),
            ("pdm", "--mode=creds get S ''", "none", Creds, Plain),
            (
                "pdm",
                "--mode=password get S __token__",
                "none",
                Password,
                Plain,
            ),
            ("between", "get --mode creds S", "none", Creds, Plain),
            ("last", "get S aws --output json", "aws", Password, Json),
            (
                "said twice",
                "--mode=creds --mode=password get S u",
                "none",
                Password,
                Plain,
            ),
            (
                "a path is for a backend",
                "-p /x get S u",
                "u",
                Password,
                Plain,
            ),
            ("after --", "--mode=creds -- get S", "none", Creds, Plain),
        ];
        for (client, line, user, mode, form) in rows {
            assert_eq!(read(line), get(user, mode, form), "{client}: {line}");
        }
    }

    #[test]
    fn a_backend_is_remembered_however_it_is_spelled() {
        for line in ["-b B", "-b=B", "--keyring-backend B", "--keyring-backend=B"] {
            let request = read(&format!("{line} get S u"));
            assert_eq!(request, Request::OfBackend, "{line}");
        }
    }
}
