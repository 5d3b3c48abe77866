//! The file of a sign-in, which is shared with `aws sso login`. Other tools write times into it which the SDK does not take.

use std::path::{Path, PathBuf};

use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use serde::Deserialize;
use serde_json::Value;
use sha1::{Digest, Sha1};

use crate::aws_files::SsoSignIn;
use crate::environment::Environment;
use crate::user_file::{Privacy, UserFile};

/// The file of a sign-in, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cached {
    pub(super) access_token: String,
    pub(super) expires_at: String,
    #[serde(flatten)]
    pub(super) renewal: Option<Renewal>,
}

/// By which a sign-in is renewed, while the registration of its client lasts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Renewal {
    pub(super) refresh_token: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) registration_expires_at: String,
}

/// Where it lies, by the name of its session; of an older profile, by its start page.
pub(in crate::mint) fn sign_in_file(
    environment: &Environment,
    sign_in: &SsoSignIn,
) -> Option<PathBuf> {
    let name = sign_in.session.as_ref().unwrap_or(&sign_in.start_url);
    let digest = Sha1::digest(name.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let cache = environment.home()?.join(".aws/sso/cache");
    Some(cache.join(digits + ".json"))
}

/// The rest of the file stays as the tool has written it that signed in.
pub(super) fn keep(
    environment: &Environment,
    file: &Path,
    text: &[u8],
    granted: &CreateTokenOutput,
) -> std::io::Result<()> {
    let mut kept: Value = serde_json::from_slice(text)?;
    let life = u64::try_from(granted.expires_in).unwrap_or_default();
    kept["accessToken"] = granted.access_token().into();
    kept["expiresAt"] = environment.now().plus(life).to_string().into();
    if let Some(refresh_token) = granted.refresh_token() {
        kept["refreshToken"] = refresh_token.into();
    }
    UserFile::at(file)?.replace(kept.to_string().as_bytes(), Privacy::OwnerOnly)
}
