//! keyring 25.7's command line: arguments → [`Request`], or why there is none ([`Stop`]).
//! It follows Python's argparse where clients or people can see it (abbreviations, `=`, order, wording);
//! it prints nothing and does not know whose service is asked for.

mod classify;

use classify::{Flag, Known, Piece};

/// A well-formed command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// `--keyring-backend`: the user wants that one and no other.
    pub(crate) backend: Option<String>,
    /// What to do.
    pub(crate) operation: Operation,
}

/// What keyring can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    Get {
        service: String,
        mode: Mode,
        output: Output,
    },
    Set {
        service: String,
    },
    Del {
        service: String,
    },
    Diagnose,
    ListBackends,
    Disable,
}

/// What `get` answers: the password alone, or user and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Password,
    Creds,
}

/// How `get` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Plain,
    Json,
}

/// Why a command line is no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    Help,
    Completion,
    /// What argparse says after `error: `.
    Usage(String),
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: &[String]) -> Result<Request, Stop> {
    let mut values = Values::default();
    let mut pieces = classify::all(arguments)?.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Positional(text) => values.place(text)?,
            Piece::Unknown(text) => values.unrecognized.push(text),
            Piece::Option(known, Some(value)) if known.takes_value => values.take(known, value)?,
            Piece::Option(known, Some(value)) => return Err(known.ignored(value)),
            Piece::Option(known, None) if known.takes_value => match pieces.next() {
                Some(Piece::Positional(value)) => values.take(known, value)?,
                _ => return Err(known.wrong("expected one argument")),
            },
            Piece::Option(known, None) => values.take(known, "")?,
        }
    }
    values.into_request()
}

/// What was given so far, still as text.
#[derive(Default)]
struct Values<'a> {
    backend: Option<&'a str>,
    mode: Option<&'a str>,
    output: Option<&'a str>,
    list_backends: bool,
    disable: bool,
    positional: Vec<&'a str>,
    unrecognized: Vec<&'a str>,
}

const OPERATIONS: &[&str] = &["get", "set", "del", "diagnose"];

impl<'a> Values<'a> {
    /// Operation, service, username; what comes after them is one too many.
    fn place(&mut self, text: &'a str) -> Result<(), Stop> {
        match self.positional.len() {
            0 => self
                .positional
                .push(classify::choice("operation", OPERATIONS, text)?),
            1 | 2 => self.positional.push(text),
            _ => self.unrecognized.push(text),
        }
        Ok(())
    }

    /// Help and completion end the reading at once: what follows is not looked at.
    fn take(&mut self, known: &Known, value: &'a str) -> Result<(), Stop> {
        let value = known.checked(value)?;
        match known.flag {
            Flag::Help => return Err(Stop::Help),
            Flag::Completion => return Err(Stop::Completion),
            // Only a place to look for the backend in.
            Flag::Path => {}
            Flag::Backend => self.backend = Some(value),
            Flag::ListBackends => self.list_backends = true,
            Flag::Disable => self.disable = true,
            Flag::Mode => self.mode = Some(value),
            Flag::Output => self.output = Some(value),
        }
        Ok(())
    }

    /// In keyring's own order: what is listed first wins over what would also be an error.
    fn into_request(self) -> Result<Request, Stop> {
        if !self.unrecognized.is_empty() {
            let all = self.unrecognized.join(" ");
            return Err(Stop::Usage(format!("unrecognized arguments: {all}")));
        }
        let operation = if self.list_backends {
            Operation::ListBackends
        } else if self.disable {
            Operation::Disable
        } else {
            self.operation()?
        };
        let backend = self.backend.map(str::to_owned);
        Ok(Request { backend, operation })
    }

    fn operation(&self) -> Result<Operation, Stop> {
        let name = self.positional.first().copied();
        match name {
            Some("diagnose") => Ok(Operation::Diagnose),
            Some("get") if self.mode() == Mode::Creds => self.get("get requires service", 2),
            Some("get") => self.get("get requires service and username", 3),
            Some("set") => Ok(Operation::Set {
                service: self.service("set requires service and username", 3)?,
            }),
            Some("del") => Ok(Operation::Del {
                service: self.service("del requires service and username", 3)?,
            }),
            _ => Err(Stop::Usage(format!(
                "Specify operation ({}).",
                OPERATIONS.join(", ")
            ))),
        }
    }

    fn get(&self, missing: &str, needed: usize) -> Result<Operation, Stop> {
        Ok(Operation::Get {
            service: self.service(missing, needed)?,
            mode: self.mode(),
            output: match self.output {
                Some("json") => Output::Json,
                _ => Output::Plain,
            },
        })
    }

    fn mode(&self) -> Mode {
        match self.mode {
            Some("creds") => Mode::Creds,
            _ => Mode::Password,
        }
    }

    fn service(&self, missing: &str, needed: usize) -> Result<String, Stop> {
        match self.positional.get(1) {
            Some(service) if self.positional.len() >= needed => Ok((*service).to_owned()),
            _ => Err(Stop::Usage(missing.to_owned())),
        }
    }
}

impl Operation {
    /// The service that is asked for, if the operation has one.
    pub(crate) fn service(&self) -> Option<&str> {
        match self {
            Operation::Get { service, .. }
            | Operation::Set { service }
            | Operation::Del { service } => Some(service),
            Operation::Diagnose | Operation::ListBackends | Operation::Disable => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, Stop> {
        let arguments: Vec<String> = line
            .split_whitespace()
            .map(|word| word.replace("''", ""))
            .collect();
        parse(&arguments)
    }

    fn get(mode: Mode, output: Output) -> Result<Request, Stop> {
        let service = "S".to_owned();
        let operation = Operation::Get {
            service,
            mode,
            output,
        };
        Ok(Request {
            backend: None,
            operation,
        })
    }

    #[test]
    fn every_client_spells_get_its_own_way() {
        use Mode::{Creds, Password};
        use Output::{Json, Plain};
        let rows = [
            ("pip", "--mode=creds --output=json get S", Creds, Json),
            ("pip", "--mode=creds --output=json get S aws", Creds, Json),
            ("uv", "get S aws", Password, Plain),
            ("uv", "get S --mode creds", Creds, Plain),
            ("pdm", "--mode=creds get S ''", Creds, Plain),
            ("pdm", "--mode=password get S __token__", Password, Plain),
            ("between", "get --mode creds S", Creds, Plain),
            ("last", "get S aws --output json", Password, Json),
            ("abbreviated", "--mo creds --o=json get S", Creds, Json),
            (
                "said twice",
                "--mode=creds --mode=password get S u",
                Password,
                Plain,
            ),
            ("a path is for a backend", "-p /x get S u", Password, Plain),
            ("after --", "--mode=creds -- get S", Creds, Plain),
        ];
        for (client, line, mode, output) in rows {
            assert_eq!(read(line), get(mode, output), "{client}: {line}");
        }
    }

    #[test]
    fn a_backend_is_remembered_however_it_is_spelled() {
        for line in [
            "-b B",
            "-bB",
            "-b=B",
            "--keyring-backend B",
            "--keyring-b=B",
        ] {
            let request = read(&format!("{line} get S u")).unwrap();
            assert_eq!(request.backend.as_deref(), Some("B"), "{line}");
        }
    }
}
