//! A package as `test --package` takes it. Nothing is looked for here.

use std::str::FromStr;

use codeartifact_auth::endpoint::Format;

/// `npm:my-package`, `pypi:my-package@1.0.0`, `go:example.com/private/greeting@v1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) format: Format,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
}

impl Package {
    /// Those whose pages are understood.
    pub(crate) const FORMATS: [Format; 3] = [Format::Npm, Format::Pypi, Format::Go];
}

impl FromStr for Package {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, rest) = text
            .split_once(':')
            .ok_or("write FORMAT:NAME, as in npm:my-package")?;
        let format = Format::from_name(format).filter(|format| Self::FORMATS.contains(format));
        let format = format.ok_or("the format is npm, pypi or go")?;
        // The first character may be the `@` of an npm scope.
        let at = rest
            .char_indices()
            .skip(1)
            .find(|(_, letter)| *letter == '@');
        let (name, version) = match at {
            Some((at, _)) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        };
        let has_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        if !has_name || version == Some("") {
            return Err("the name or the version is missing");
        }
        Ok(Self {
            format,
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}
