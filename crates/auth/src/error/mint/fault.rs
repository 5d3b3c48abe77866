//! Which row of the troubleshooting table a failed mint is. A judgement of causes only; the rows are in `error/fault`.

use super::{Absence, Cause, Instead, MintError, Obstacle, Permission, Step, Suspicion};
use crate::error::Fault;

impl MintError {
    /// Its row in the troubleshooting table; a bug of ours has none.
    pub fn fault(&self) -> Option<Fault> {
        Some(match &self.cause {
            Cause::Authorities { .. } => Fault::CaBundleUnusable,
            Cause::SharedFiles(_) => Fault::SharedFilesUnreadable,
            Cause::EndpointOverride { .. } => Fault::EndpointOverrideInvalid,
            Cause::NotSent(_) => Fault::CallNotMade,
            Cause::NoProfile { .. } => Fault::ProfileAbsent,
            Cause::Mfa { .. } => Fault::MfaNeeded,
            Cause::NoCredentials { profile: Some(_) } => Fault::ProfileEmpty,
            Cause::NoCredentials { profile: None } => Fault::CredentialsAbsent,
            Cause::SignInOver { .. } => Fault::SignInOver,
            Cause::SourceFailed(_) => Fault::SourceFailed,
            Cause::Expired => Fault::CredentialsExpired,
            Cause::Rejected => Fault::CredentialsRejected,
            Cause::RootUser => Fault::RootUser,
            Cause::RoleRefused(suspicion) => of_role(suspicion),
            Cause::CallerNotAllowed => Fault::CallerNotAllowed,
            Cause::ExplicitlyDenied => Fault::ExplicitlyDenied,
            Cause::SessionTooLong => Fault::SessionTooLong,
            Cause::PolicyRefused => Fault::SessionPolicyRefused,
            Cause::Invalid => Fault::ValueRefused,
            Cause::RegionOff => Fault::RegionOff,
            Cause::TokenRefused(permission) => of_permission(permission),
            Cause::ListRefused => Fault::ListNotAllowed,
            Cause::NoDomain(Instead::Nothing) => Fault::DomainAbsent,
            Cause::NoDomain(Instead::Region(_)) => Fault::RegionWrong,
            Cause::NoDomain(Instead::Name(_)) => Fault::DomainMisspelt,
            Cause::TokenNotTaken => Fault::TokenNotTaken,
            Cause::NotReadable => Fault::RepositoryNotReadable,
            Cause::NoRepository { .. } => Fault::RepositoryAbsent,
            Cause::NoPackage(absence) => of_absence(absence),
            Cause::Throttled => Fault::Throttled,
            Cause::TimedOut if self.step == Step::Credentials => Fault::SourceSlow,
            Cause::TimedOut => Fault::TimedOut,
            Cause::ServerFailed => Fault::ServerFailed,
            Cause::Unreachable(unreachable) => of_obstacle(unreachable.obstacle),
            Cause::Garbled { .. } => Fault::AnswerGarbled,
            Cause::ClockWrong => Fault::ClockWrong,
            Cause::Bug(_) => return None,
        })
    }
}

fn of_role(suspicion: &Suspicion) -> Fault {
    match suspicion {
        Suspicion::None => Fault::RoleRefused,
        Suspicion::BeforeLast => Fault::ViaRefused,
        Suspicion::NoExternalId => Fault::ExternalIdNotSent,
        Suspicion::OtherAccount { .. } => Fault::RoleOfOtherAccount,
        Suspicion::WorkedBefore { .. } => Fault::RoleRefusedSince,
    }
}

fn of_permission(permission: &Permission) -> Fault {
    match permission {
        Permission::GetAuthorizationToken | Permission::Unknown => Fault::TokenNotAllowed,
        Permission::GetServiceBearerToken => Fault::BearerTokenNotAllowed,
        Permission::LongerLife => Fault::DurationCapped,
        Permission::OtherAccount { .. } => Fault::DomainOfOtherAccount,
    }
}

fn of_absence(absence: &Absence) -> Fault {
    match absence {
        Absence::Nowhere => Fault::PackageAbsent,
        Absence::OtherVersions { .. } => Fault::VersionAbsent,
        Absence::OtherFormat { .. } => Fault::PackageOfOtherFormat,
        Absence::Elsewhere { .. } => Fault::PackageElsewhere,
        Absence::NotUpstream { .. } => Fault::UpstreamNotConnected,
    }
}

fn of_obstacle(obstacle: Obstacle) -> Fault {
    match obstacle {
        Obstacle::Name => Fault::NameUnknown,
        Obstacle::Network => Fault::NetworkFailed,
        Obstacle::Certificate => Fault::CertificateUnknown,
        Obstacle::Proxy => Fault::ProxyRefused,
    }
}
