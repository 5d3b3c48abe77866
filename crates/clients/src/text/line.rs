//! One line of a text, and the marks by which a line is known as ours.

pub(super) const BEGIN: &str = "# >>> codeartifact setup ";
pub(super) const END: &str = "# <<< codeartifact setup ";
pub(super) const ASIDE: &str = "# set aside by codeartifact setup ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    /// The number of the line when the text was read.
    pub(super) from: Option<usize>,
}

impl Line {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            from: None,
        }
    }

    pub(super) fn bare(&self) -> &str {
        bare(&self.text)
    }
}

/// Tells if a comment of ours ends something here, and so is not about the line below it.
pub(crate) fn is_closing(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(END) || line.starts_with(ASIDE)
}

pub(super) fn bare(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

pub(super) fn marked<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    bare(line).trim_start().strip_prefix(mark)
}

pub(super) fn aside(name: &str, line: &str) -> String {
    format!("{ASIDE}{name}: {line}")
}

pub(super) fn give_back(line: &mut Line, is_meant: impl Fn(&str) -> bool) {
    let aside = line.text.strip_prefix(ASIDE);
    if let Some((name, original)) = aside.and_then(|rest| rest.split_once(": "))
        && is_meant(name)
    {
        line.text = original.to_owned();
    }
}
