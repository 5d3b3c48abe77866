//! Ranges in the names of folders: `numbered-{01..20}` is twenty folders with one source.

use anyhow::Context;

use super::SourceFile;

/// One number of a range: what stands for it, and what it is.
#[derive(Clone)]
pub(super) struct Number {
    range: String,
    number: String,
}

impl Number {
    /// `numbered-{01..20}` → 01, 02, …, 20, each as wide as the first; nothing for a name without a range.
    pub(super) fn series(name: &str) -> anyhow::Result<Vec<Self>> {
        let Some((first, last)) = name
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}')?.0.split_once(".."))
        else {
            return Ok(Vec::new());
        };
        let range = format!("{{{first}..{last}}}");
        let bound = |text: &str| {
            text.parse::<u16>()
                .with_context(|| format!("{range} is not a range of numbers"))
        };
        let width = first.len();
        let number = |number: u16| Self {
            range: range.clone(),
            number: format!("{number:0width$}"),
        };
        Ok((bound(first)?..=bound(last)?).map(number).collect())
    }

    pub(super) fn replace(&self, text: &str) -> String {
        text.replace(&self.range, &self.number)
    }

    /// Files that are not text stay as they are.
    pub(super) fn apply(&self, file: SourceFile) -> SourceFile {
        let bytes = match String::from_utf8(file.bytes) {
            Ok(text) => self.replace(&text).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        SourceFile {
            path: self.replace(&file.path),
            bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let cases = [
            ("my-package", vec![]),
            ("my-{package}", vec![]),
            ("p-{1..3}", vec!["p-1", "p-2", "p-3"]),
            (
                "p-{008..010}@v1.0.0",
                vec!["p-008@v1.0.0", "p-009@v1.0.0", "p-010@v1.0.0"],
            ),
            ("{3..3}", vec!["3"]),
        ];
        for (name, expected) in cases {
            let numbers = Number::series(name).unwrap();
            let names: Vec<_> = numbers.iter().map(|number| number.replace(name)).collect();
            assert_eq!(names, expected, "{name}");
        }
        for name in ["p-{a..b}", "p-{1..}", "p-{1..70000}"] {
            assert!(Number::series(name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_is_not_text_stays_as_it_is() {
        let number = Number::series("{1..1}").unwrap().remove(0);
        let file = number.apply(SourceFile::new(
            "{1..1}.bin",
            [b"{1..1}".as_slice(), &[0xff]].concat(),
        ));
        assert_eq!(
            (file.path.as_str(), file.bytes.as_slice()),
            ("1.bin", [b"{1..1}".as_slice(), &[0xff]].concat().as_slice())
        );
    }
}
