//! The fenced blocks of a Markdown page, each with the heading that it is below. It knows no other Markdown.

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    /// The nearest heading above it.
    pub(crate) heading: String,
    /// The text after the opening fence.
    pub(crate) language: String,
    pub(crate) text: String,
}

/// The lines that are in no fence.
pub(crate) fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    page.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        is_inside ^= is_fence;
        !is_inside && !is_fence
    })
}

/// A command of a `console` block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) command: String,
    /// The lines that the page shows below it; none if it shows nothing.
    pub(crate) shown: Vec<String>,
}

/// All blocks of the page, in order.
pub(crate) fn of(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut heading, mut is_inside) = (String::new(), false);
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            is_inside = !is_inside;
            if is_inside {
                blocks.push(Block {
                    heading: heading.clone(),
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
        } else if is_inside {
            let block = blocks.last_mut().unwrap();
            block.text = format!("{}{line}\n", block.text);
        } else if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().to_owned();
        }
    }
    assert!(!is_inside, "the last block has no end");
    blocks
}

impl Block {
    /// The commands of a `console` block, each behind `$ `, with what is shown below it.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for line in self.text.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step {
                    command: command.to_owned(),
                    shown: Vec::new(),
                }),
                None => steps.last_mut().unwrap().shown.push(line.to_owned()),
            }
        }
        steps
    }
}

/// Tells whether the lines are those of the page, where a line `…` stands for any lines and `…` in a line for any text.
pub(crate) fn fits(shown: &[String], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first.trim() == "…" => {
            (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..]))
        }
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, lines)| line_fits(first, line) && fits(rest, lines)),
    }
}

fn line_fits(shown: &str, line: &str) -> bool {
    let (shown, line) = (shown.trim_end(), line.trim_end());
    let Some((start, rest)) = shown.split_once('…') else {
        return shown == line;
    };
    let (middle, end) = rest.rsplit_once('…').unwrap_or(("", rest));
    let within = line
        .strip_prefix(start)
        .and_then(|line| line.strip_suffix(end));
    within.is_some_and(|within| holds_in_order(within, middle))
}

fn holds_in_order(mut text: &str, parts: &str) -> bool {
    parts.split('…').all(|part| {
        let found = text.find(part).map(|at| at + part.len());
        found.inspect(|end| text = &text[*end..]).is_some()
    })
}

#[test]
fn a_dotted_line_is_any_text() {
    let shown = ["ready in … ms".to_owned(), "…".to_owned(), "end".to_owned()];
    for lines in [
        &["ready in 3 ms", "end"][..],
        &["ready in 3 ms", "a", "b", "end"],
    ] {
        assert!(fits(&shown, lines), "{lines:?}");
    }
    for lines in [
        &["ready in 3 s", "end"][..],
        &["ready in 3 ms"],
        &["ready in 3 ms", "end", "b"],
    ] {
        assert!(!fits(&shown, lines), "{lines:?}");
    }
}
