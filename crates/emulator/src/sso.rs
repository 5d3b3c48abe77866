//! IAM Identity Center, as far as profiles need it: sign-in by device code, refreshed tokens, and role
//! credentials for an access token. No sign-in by authorization code.

mod device;
mod oidc;
mod portal;

pub(crate) use device::SsoDevice;
pub(crate) use oidc::SsoOidc;
pub(crate) use portal::SsoPortal;
