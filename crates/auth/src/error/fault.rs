//! The troubleshooting table: every way in which it can fail, with what is said, what to do, and the exit code. What
//! the programs say of a failure is made in `mint/wording`, `mint/hint` and beside the other errors; the end-to-end
//! tests produce each row and hold that to what stands here, and `TROUBLESHOOTING.md` is generated from it.

use std::fmt;

use super::Exit;
pub use rows::{FAULTS, Fault};

/// Makes [`Fault`] and [`FAULTS`] of the rows, so that neither can lack what the other has.
macro_rules! faults {
    ($($area:ident { $($fault:ident $key:literal $exit:ident $says:literal $hint:literal;)* })*) => {
        /// A way to fail, by the name that programs see in `codeartifact test --format json`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[doc = $says] $fault,)*)*
        }

        /// The table, in the order of [`Fault`].
        pub const FAULTS: &[Row] = &[
            $($(Row {
                fault: Fault::$fault,
                key: $key,
                area: Area::$area,
                says: $says,
                hint: $hint,
                exit: Exit::$exit,
            },)*)*
        ];
    };
}
mod rows;

/// What there is to know about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub fault: Fault,
    /// For programs, and never changed.
    pub key: &'static str,
    /// Where it belongs.
    pub area: Area,
    /// What is said; `…` stands for what differs from case to case.
    pub says: &'static str,
    /// The hint, in the same way.
    pub hint: &'static str,
    /// The exit code of whoever meets it; [`Exit::Done`] for what is only a warning.
    pub exit: Exit,
}

/// The step at which a fault is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the steps' own")]
pub enum Area {
    Configuration,
    Machine,
    Credentials,
    Roles,
    Token,
    Repository,
    Package,
    Network,
}

impl Fault {
    /// Its row.
    pub fn row(self) -> &'static Row {
        &FAULTS[self as usize]
    }

    /// Its name for programs.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// The exit code that follows.
    pub fn exit(self) -> Exit {
        self.row().exit
    }
}

impl fmt::Display for Area {
    /// The heading in the table.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Area::Configuration => "Configuration",
            Area::Machine => "This machine's settings for AWS",
            Area::Credentials => "First credentials",
            Area::Roles => "Roles",
            Area::Token => "Authorization token",
            Area::Repository => "Repository",
            Area::Package => "Package (`codeartifact test --package`)",
            Area::Network => "Network and clock",
        })
    }
}

#[cfg(test)]
mod tests;
