//! Which row of the troubleshooting table a wrong configuration is.

use super::{ConfigurationError, Problem};
use crate::error::Fault;

impl ConfigurationError {
    /// Its row in the troubleshooting table.
    pub fn fault(&self) -> Fault {
        match self {
            ConfigurationError::File { problem, .. }
            | ConfigurationError::Variable { problem, .. }
            | ConfigurationError::NotSaved { problem, .. } => problem.fault(),
            ConfigurationError::Unreadable { .. } | ConfigurationError::Unwritable { .. } => {
                Fault::FileUnusable
            }
            ConfigurationError::UnknownConnection { .. } => Fault::ConnectionUnknown,
            ConfigurationError::OtherOwner { .. } => Fault::ConnectionOfOtherAccount,
            ConfigurationError::Ambiguous { .. } => Fault::ConnectionAmbiguous,
        }
    }
}

impl Problem {
    fn fault(&self) -> Fault {
        match self {
            Problem::UnknownKey { .. } => Fault::KeyUnknown,
            Problem::OtherFormat { .. } => Fault::FormatDiffers,
            Problem::OtherOwner { .. } => Fault::OwnerDiffers,
            Problem::NotSimple { .. } => Fault::SimpleMissing,
            _ => Fault::ValueWrong,
        }
    }
}
