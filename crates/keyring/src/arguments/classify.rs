//! One argument at a time: option, positional or neither, by argparse's rules (Python 3.11, `_parse_optional`).
//! It knows no order between arguments and keeps no values.

use super::Stop;

/// keyring's options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Help,
    Path,
    Backend,
    ListBackends,
    Disable,
    Mode,
    Output,
    Completion,
}

/// An option as keyring declares it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) flag: Flag,
    pub(super) takes_value: bool,
    names: &'static [&'static str],
    choices: &'static [&'static str],
}

/// In the order in which keyring declares them: error texts list them so.
const OPTIONS: [Known; 8] = [
    flag(Flag::Help, &["-h", "--help"]),
    valued(Flag::Path, &["-p", "--keyring-path"], &[]),
    valued(Flag::Backend, &["-b", "--keyring-backend"], &[]),
    flag(Flag::ListBackends, &["--list-backends"]),
    flag(Flag::Disable, &["--disable"]),
    valued(Flag::Mode, &["--mode"], &["password", "creds"]),
    valued(Flag::Output, &["--output"], &["plain", "json"]),
    valued(
        Flag::Completion,
        &["--print-completion"],
        &["bash", "zsh", "tcsh"],
    ),
];

const fn flag(flag: Flag, names: &'static [&'static str]) -> Known {
    Known {
        flag,
        takes_value: false,
        names,
        choices: &[],
    }
}

const fn valued(
    flag: Flag,
    names: &'static [&'static str],
    choices: &'static [&'static str],
) -> Known {
    Known {
        flag,
        takes_value: true,
        names,
        choices,
    }
}

/// What one argument is.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Positional(&'a str),
    /// With the value that is glued to it by `=`, or to a short one without.
    Option(&'static Known, Option<&'a str>),
    Unknown(&'a str),
}

/// Every argument, judged before any takes effect: argparse finds an ambiguous one even after `--help`.
pub(super) fn all(arguments: &[String]) -> Result<Vec<Piece<'_>>, Stop> {
    let end = arguments.iter().position(|argument| argument == "--");
    let (judged, rest) = arguments.split_at(end.unwrap_or(arguments.len()));
    let mut pieces = judged
        .iter()
        .map(|argument| one(argument))
        .collect::<Result<Vec<_>, _>>()?;
    pieces.extend(rest.iter().skip(1).map(|text| Piece::Positional(text)));
    Ok(pieces)
}

fn one(argument: &str) -> Result<Piece<'_>, Stop> {
    if !argument.starts_with('-') || argument == "-" {
        return Ok(Piece::Positional(argument));
    }
    let (name, value) = match argument.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (argument, None),
    };
    if let Some(known) = OPTIONS.iter().find(|known| known.names.contains(&name)) {
        return Ok(Piece::Option(known, value));
    }
    match argument.starts_with("--") {
        true => abbreviated(argument, name, value),
        false => Ok(glued(argument)),
    }
}

/// `--mo` is `--mode`; `--key` could be two.
fn abbreviated<'a>(
    argument: &'a str,
    name: &str,
    value: Option<&'a str>,
) -> Result<Piece<'a>, Stop> {
    let long = |known: &'static Known| known.names.iter().map(move |long| (known, *long));
    let matches: Vec<_> = OPTIONS
        .iter()
        .flat_map(long)
        .filter(|(_, long)| long.starts_with(name))
        .collect();
    match matches[..] {
        [] => Ok(neither(argument)),
        [(known, _)] => Ok(Piece::Option(known, value)),
        _ => {
            let names: Vec<_> = matches.iter().map(|(_, long)| *long).collect();
            let names = names.join(", ");
            Err(Stop::Usage(format!(
                "ambiguous option: {argument} could match {names}"
            )))
        }
    }
}

/// `-pPATH`, a short option with its value.
fn glued(argument: &str) -> Piece<'_> {
    let short = argument
        .char_indices()
        .nth(2)
        .map(|(end, _)| argument.split_at(end));
    let known = short.and_then(|(name, value)| {
        let known = OPTIONS.iter().find(|known| known.names.contains(&name))?;
        Some(Piece::Option(known, Some(value)))
    });
    known.unwrap_or_else(|| neither(argument))
}

/// A number or a text with a space is a value, however it begins.
fn neither(argument: &str) -> Piece<'_> {
    match argument.contains(' ') || is_negative_number(argument) {
        true => Piece::Positional(argument),
        false => Piece::Unknown(argument),
    }
}

fn is_negative_number(argument: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match argument[1..].split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !fraction.is_empty(),
        None => digits(&argument[1..]),
    }
}

/// `value` if it is one of `choices`.
pub(super) fn choice<'a>(name: &str, choices: &[&str], value: &'a str) -> Result<&'a str, Stop> {
    if choices.contains(&value) {
        return Ok(value);
    }
    let (value, choices) = (quoted(value), choices.iter().map(|choice| quoted(choice)));
    let choices = choices.collect::<Vec<_>>().join(", ");
    Err(Stop::Usage(format!(
        "argument {name}: invalid choice: {value} (choose from {choices})"
    )))
}

/// As Python shows a text.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\");
    match (text.contains('\''), text.contains('"')) {
        (false, _) => format!("'{escaped}'"),
        (true, false) => format!("\"{escaped}\""),
        (true, true) => format!("'{}'", escaped.replace('\'', "\\'")),
    }
}

impl Known {
    pub(super) fn checked<'a>(&self, value: &'a str) -> Result<&'a str, Stop> {
        match self.choices {
            [] => Ok(value),
            choices => choice(&self.name(), choices, value),
        }
    }

    pub(super) fn wrong(&self, reason: &str) -> Stop {
        Stop::Usage(format!("argument {}: {reason}", self.name()))
    }

    pub(super) fn ignored(&self, value: &str) -> Stop {
        self.wrong(&format!("ignored explicit argument {}", quoted(value)))
    }

    fn name(&self) -> String {
        self.names.join("/")
    }
}
