//! A byte order mark at the start of a file, as some editors of Windows write it: uv reads past it, and every other Python
//! client stops there with words that do not name it.

use std::path::Path;

use codeartifact_auth::error::Exit;

use super::Python;
use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::setup::Level;
use crate::text::{BOM, Text};

const HINT: &str = "save it as UTF-8 without a byte order mark (BOM)";

/// Refuses a file that the client would not read after us.
pub(super) fn require_none(room: &Python, text: &Text) -> Result<(), UserError> {
    if room.reads_bom || !text.has_bom() {
        return Ok(());
    }
    Err(UserError::new(format!("{}; {HINT}", words(room))))
}

/// The first of its files that starts with one.
pub(super) fn finding(room: &Python, here: &Here<'_>) -> Option<Finding> {
    if room.reads_bom {
        return None;
    }
    let own = [Level::Project, Level::User];
    let own = own.iter().filter_map(|level| (room.file)(here, *level));
    let mut files = own.chain((room.leftovers.user)(here));
    let file = files.find(|file| starts_with_one(&here.directory.join(file)))?;
    let text = format!("{} {}", file.display(), words(room));
    Some(Finding::failed(room.check, room.name, text, Exit::Configuration).hint(HINT))
}

pub(super) fn starts_with_one(file: &Path) -> bool {
    here::read(file).is_some_and(|file| file.text.starts_with(BOM))
}

fn words(room: &Python) -> String {
    format!(
        "starts with a byte order mark, at which {} stops",
        room.name
    )
}
