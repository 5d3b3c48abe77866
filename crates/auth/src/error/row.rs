//! The table of failures: one row for each, and the only place of its text. Name for us, name for programs,
//! exit code; why it failed; the hint; what AWS says then. `{…}` and `<…>` are explained in `template.rs`.
//! Texts only: each file has the rows of one part of the table. A row that is added there is in `TROUBLESHOOTING.md` with
//! the next run of the tests.

use super::table::{Area, Call, Row, When};
use super::{AwsSaid, Exit, step};

/// Makes a `Row` of each, and the list of all in the file.
macro_rules! rows {
    ($($area:ident $step:ident { $(
        $name:ident $key:literal $exit:ident $words:literal $hint:expr
        $(, $call:ident $codes:tt $saying:expr)*;
    )* })*) => {
        $($(
            #[doc = $words]
            pub static $name: $crate::error::Row = $crate::error::Row {
                key: $key,
                area: $crate::error::Area::$area,
                step: $crate::error::step::$step,
                words: $words,
                hint: $hint,
                exit: $crate::error::Exit::$exit,
                when: &[$($crate::error::When { call: $call, codes: rows!(@codes $codes), saying: $saying }),*],
            };
        )*)*

        /// The rows of this file, in their order.
        pub(super) static ROWS: &[&$crate::error::Row] = &[$($(&$name,)*)*];
    };
    (@codes [$($code:literal),*]) => { &[$($code),*] };
    (@codes $codes:ident) => { $codes };
}

mod configuration;
mod credentials;
mod machine;
mod network;
mod repository;
mod roles;
mod token;

pub use configuration::*;
pub use credentials::*;
pub use machine::*;
pub use network::*;
pub use repository::*;
pub use roles::*;
pub use token::*;

/// A missing permission.
const DENIED: &[&str] = &["AccessDenied", "AccessDeniedException"];

/// A signature by a key that is not AWS's, or by a wrong clock, which the message then says.
const SIGNATURE: &[&str] = &["SignatureDoesNotMatch", "InvalidSignatureException"];

/// A bug of ours: the one row that no table shows, because a user cannot fix it.
pub static BUG: Row = Row {
    key: "bug",
    area: Area::Machine,
    step: step::ANY,
    words: "this is a bug: {reason}",
    hint: "",
    exit: Exit::Bug,
    when: &[],
};

impl Row {
    /// Returns the row with this key. There is none for a key of a newer release.
    pub(super) fn find(key: &str) -> Option<&'static Row> {
        all().chain([&BUG]).find(|row| row.key == key)
    }

    /// Returns the row that AWS's words mean at this call. Words that are more than a code decide before those that are not.
    pub fn meant(call: Call, said: &AwsSaid) -> Option<&'static Row> {
        let with = |saying: bool| {
            let means = |when: &When| saying != when.saying.is_empty() && when.fits(call, said);
            all().find(|row| row.when.iter().any(means))
        };
        with(true).or_else(|| with(false))
    }
}

/// Returns the whole table, in its order.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    let parts = [
        configuration::ROWS,
        machine::ROWS,
        credentials::ROWS,
        roles::ROWS,
        token::ROWS,
        repository::ROWS,
        network::ROWS,
    ];
    parts.into_iter().flatten().copied()
}
