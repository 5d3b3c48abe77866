//! A token by its looks, for tests of what finds one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// One that ends then; nothing in it is a secret.
pub(crate) fn token(expires: u64) -> String {
    let header = format!(
        r#"{{"ver":1,"isu":1,"enc":"A128GCM","tag":"t","exp":{expires},"alg":"A128GCMKW","iv":"i"}}"#
    );
    format!(
        "{}.a2V5.bm9uY2U.Y2lwaGVydGV4dA.dGFn",
        URL_SAFE_NO_PAD.encode(header)
    )
}
