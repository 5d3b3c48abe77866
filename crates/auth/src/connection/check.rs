//! The checks of single values, whether they are in the file or in a variable. Each takes the text and returns its
//! meaning, or the failure without the place. An external id is never shown, and a message stays on its line.
//! Limits and grammars: the models of STS and IAM.

mod amount;
mod role;
mod url;

use std::fmt::Display;

use super::{CacheChoice, Scope};
use crate::endpoint::is_account_id;
use crate::error::{Failure, row};
use crate::id_token::{DEFAULT_AUDIENCE, IdTokenSource, SOURCES};

pub(super) use amount::{duration, size};
pub(super) use role::{external_id, role_arn};
pub use url::ending_missing;
pub(super) use url::{any_repository, repository, url};

/// The limit of identity providers in IAM.
const LONGEST_AUDIENCE: usize = 255;

/// Makes the failure of a value that is wrong for this reason.
pub(super) fn wrong(reason: impl Display) -> Box<Failure> {
    row::VALUE_WRONG.with("reason", reason)
}

/// Makes the failure of a value that needs another one beside it.
pub(super) fn alone(missing: &str) -> Box<Failure> {
    wrong(format_args!("goes with {missing}, which is missing"))
}

pub(super) fn profile(text: &str) -> Result<String, Box<Failure>> {
    if text.is_empty() {
        return Err(wrong("must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong("holds a control character"));
    }
    Ok(text.to_owned())
}

/// Makes the failure of a connection that is told two ways to its first credentials.
pub(super) fn two_sources(other: &str) -> Box<Failure> {
    wrong(format_args!("goes in place of {other}, which is set too"))
        .with("correction", format_args!("remove one of the two"))
}

pub(super) fn source(text: &str) -> Result<IdTokenSource, Box<Failure>> {
    text.parse().map_err(|()| {
        let given = text.escape_debug();
        wrong(format_args!("`{given}` is none of {SOURCES}"))
    })
}

/// A pattern of paths of Go modules, of which GOPRIVATE has a list with commas.
pub(super) fn go_pattern(text: &str) -> Result<String, Box<Failure>> {
    let is_path = |byte: u8| byte.is_ascii_graphic() && !b",\"'\\`".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_path) && !text.contains("://") {
        return Ok(text.to_owned());
    }
    Err(wrong(format_args!(
        "`{}` is not a pattern of module paths",
        text.escape_debug()
    ))
    .with(
        "correction",
        "write each as GOPRIVATE has it: `example.com/private`",
    ))
}

pub(super) fn audience(text: &str) -> Result<String, Box<Failure>> {
    if (1..=LONGEST_AUDIENCE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Ok(text.to_owned());
    }
    let given = text.escape_debug();
    Err(wrong(format_args!("`{given}` is not an audience")).with(
        "correction",
        format_args!("it looks like `{DEFAULT_AUDIENCE}`"),
    ))
}

pub(super) fn account_id(text: &str) -> Result<String, Box<Failure>> {
    if is_account_id(text) {
        Ok(text.to_owned())
    } else {
        let given = text.escape_debug();
        Err(wrong(format_args!(
            "`{given}` is not an account of 12 digits"
        )))
    }
}

/// A variable's `true` or `false`.
pub(super) fn switch(text: &str) -> Result<bool, Box<Failure>> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => {
            let given = text.escape_debug();
            Err(wrong(format_args!("`{given}` is neither true nor false")))
        }
    }
}

pub(super) fn cache(text: &str) -> Result<CacheChoice, Box<Failure>> {
    one_of(&CacheChoice::ALL, CacheChoice::name, text)
}

pub(super) fn scope(text: &str) -> Result<Scope, Box<Failure>> {
    one_of(&Scope::ALL, Scope::name, text)
}

fn one_of<T: Copy>(
    known: &[T],
    name: fn(T) -> &'static str,
    text: &str,
) -> Result<T, Box<Failure>> {
    let found = known.iter().find(|choice| name(**choice) == text);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|choice| name(*choice)).collect();
        let (given, names) = (text.escape_debug(), names.join(", "));
        wrong(format_args!("`{given}` is none of {names}"))
    })
}
