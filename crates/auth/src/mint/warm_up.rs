//! Opens the connection to CodeArtifact while the role chain is still being walked, so that the last step need not
//! wait for a TCP and a TLS handshake (and a proxy's). Nothing is asked over it: the call below only tells the SDK
//! where the real one will go.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_sdk_codeartifact::config;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::task::yield_now;

use super::transport::OnlyConnect;

/// Begins to connect as soon as the runtime has nothing better to do, and does not wait. If it comes to nothing, the
/// call that needs the connection makes its own.
pub(super) fn connect_to_codeartifact(settings: &SdkConfig) {
    let settings = settings.clone();
    tokio::spawn(async move {
        // The first hop's connection goes first: while that one waits for the network, there is time for this.
        yield_now().await;
        connect(&settings).await;
    });
}

async fn connect(settings: &SdkConfig) {
    let nobody = Credentials::new("none", "none", None, None, "nobody");
    let alone = config::Builder::new()
        .credentials_provider(nobody)
        .retry_config(RetryConfig::disabled());
    let call = aws_sdk_codeartifact::Client::new(settings)
        .get_authorization_token()
        .domain("none")
        .customize()
        .config_override(alone)
        .interceptor(KeepBack);
    let _ = call.send().await;
}

/// Marks the request when all is decided but nothing is sent.
#[derive(Debug)]
struct KeepBack;

impl Intercept for KeepBack {
    fn name(&self) -> &'static str {
        "KeepBack"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.add_extension(OnlyConnect);
        // The pool keeps an HTTP/1.1 connection that nobody waits for, but not one of HTTP/2; this rules that out.
        request.headers_mut().insert("upgrade", "none");
        Ok(())
    }
}
