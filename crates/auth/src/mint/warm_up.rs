//! Opens the connection to CodeArtifact while the role chain is still being walked, so that the last step need not
//! wait for a TCP and a TLS handshake (and a proxy's). It asks for nothing: the SDK has no call for it, so one is
//! turned into an unsigned `HEAD /` on its way out, whose answer nobody reads.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_sdk_codeartifact::config;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Begins to connect, and does not wait. If it comes to nothing, the call that needs the connection makes its own.
pub(super) fn connect_to_codeartifact(settings: &SdkConfig) {
    let nobody = Credentials::new("none", "none", None, None, "nobody");
    let alone = config::Builder::new()
        .credentials_provider(nobody)
        .retry_config(RetryConfig::disabled());
    let call = aws_sdk_codeartifact::Client::new(settings)
        .get_authorization_token()
        .domain("none")
        .customize()
        .config_override(alone)
        .interceptor(OnlyConnect);
    tokio::spawn(async move {
        let _ = call.send().await;
    });
}

/// Leaves of a request only where it goes.
#[derive(Debug)]
struct OnlyConnect;

impl Intercept for OnlyConnect {
    fn name(&self) -> &'static str {
        "OnlyConnect"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let root = root_of(request.uri());
        request.set_uri(root)?;
        request.set_method("HEAD")?;
        for header in [
            "authorization",
            "x-amz-date",
            "content-type",
            "content-length",
        ] {
            request.headers_mut().remove(header);
        }
        Ok(())
    }
}

/// The service's root, behind the path of an endpoint override if there is one.
fn root_of(uri: &str) -> String {
    let root = uri.split("/v1/").next().unwrap_or_default();
    format!("{root}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_way_to_the_service_is_kept() {
        let rows = [
            (
                "https://codeartifact.us-east-1.amazonaws.com/v1/authorization-token?domain=none",
                "https://codeartifact.us-east-1.amazonaws.com/",
            ),
            (
                "http://127.0.0.1:4566/h/api/v1/authorization-token?domain=none",
                "http://127.0.0.1:4566/h/api/",
            ),
        ];
        for (uri, root) in rows {
            assert_eq!(root_of(uri), root);
        }
    }
}
