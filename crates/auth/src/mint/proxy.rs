//! Finds the proxy that the variables name, as the AWS CLI reads them: lower case goes before upper case, an empty variable
//! counts as unset, and only HTTP_PROXY is not believed where a web server starts us, since its clients can set it.

use aws_smithy_http_client::proxy::ProxyConfig;

use crate::environment::{Environment, PROXIES};

/// The same for plain http, which only overridden endpoints use.
const HTTP_PROXIES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// Set by web servers for the programs they start (CGI).
const REQUEST_METHOD: &str = "REQUEST_METHOD";

/// The hosts that are reached without one.
const NO_PROXIES: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The variable that names the proxy of https.
pub(super) fn variable(environment: &Environment) -> Option<&'static str> {
    PROXIES
        .into_iter()
        .find(|name| environment.variable(name).is_some())
}

pub(super) fn of_https(environment: &Environment) -> ProxyConfig {
    let url = variable(environment).and_then(|name| url(environment, name));
    configured(
        environment,
        url.and_then(|url| ProxyConfig::https(url).ok()),
    )
}

pub(super) fn of_http(environment: &Environment) -> ProxyConfig {
    let is_cgi = environment.variable(REQUEST_METHOD).is_some();
    let mut names = HTTP_PROXIES
        .into_iter()
        .filter(|name| !is_cgi || *name != "HTTP_PROXY");
    let url = names.find_map(|name| url(environment, name));
    configured(environment, url.and_then(|url| ProxyConfig::http(url).ok()))
}

/// A proxy may be written without its scheme.
fn url(environment: &Environment, name: &str) -> Option<String> {
    let text = environment.text(name)?;
    if text.contains("://") {
        Some(text)
    } else {
        Some(format!("http://{text}"))
    }
}

fn configured(environment: &Environment, proxy: Option<ProxyConfig>) -> ProxyConfig {
    let except = NO_PROXIES
        .into_iter()
        .find_map(|name| environment.text(name));
    match (proxy, except) {
        (Some(proxy), Some(except)) => proxy.no_proxy(except),
        (Some(proxy), None) => proxy,
        (None, _) => ProxyConfig::disabled(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    /// Names and values.
    type Variables<'a> = &'a [(&'a str, &'a str)];

    /// `Debug` of what is handed to the client shows the proxy.
    fn shown(variables: Variables<'_>) -> [String; 2] {
        let environment = Environment::fixed(variables, "/home/me".into(), Timestamp(0));
        [of_https(&environment), of_http(&environment)].map(|proxy| format!("{proxy:?}"))
    }

    #[test]
    fn lower_case_goes_first_and_empty_counts_as_unset() {
        let rows: &[(Variables<'_>, Option<&str>, Option<&str>)] = &[
            (&[], None, None),
            (&[("HTTPS_PROXY", "http://a")], Some("//a"), None),
            (
                &[("HTTPS_PROXY", "http://a"), ("https_proxy", "http://b")],
                Some("//b"),
                None,
            ),
            (
                &[("HTTPS_PROXY", ""), ("https_proxy", "http://b")],
                Some("//b"),
                None,
            ),
            (
                &[("HTTPS_PROXY", "http://a"), ("https_proxy", "")],
                Some("//a"),
                None,
            ),
            (&[("https_proxy", "b:80")], Some("//b:80"), None),
            (&[("ALL_PROXY", "http://c")], Some("//c"), Some("//c")),
            (&[("HTTP_PROXY", "http://d")], None, Some("//d")),
            (
                &[("HTTP_PROXY", "http://d"), ("REQUEST_METHOD", "GET")],
                None,
                None,
            ),
            (
                &[("http_proxy", "http://d"), ("REQUEST_METHOD", "GET")],
                None,
                Some("//d"),
            ),
            (
                &[("HTTPS_PROXY", "http://a"), ("REQUEST_METHOD", "GET")],
                Some("//a"),
                None,
            ),
            (&[("HTTPS_PROXY", "not a url")], None, None),
        ];
        for (variables, https, http) in rows {
            let found = shown(variables);
            for (found, expected) in found.iter().zip([https, http]) {
                match expected {
                    Some(expected) => assert!(found.contains(expected), "{variables:?}: {found}"),
                    None => assert!(found.contains("Disabled"), "{variables:?}: {found}"),
                }
            }
        }
    }

    #[test]
    fn lower_case_no_proxy_goes_first() {
        let [found, _] = shown(&[
            ("https_proxy", "http://b"),
            ("NO_PROXY", "upper"),
            ("no_proxy", "lower"),
        ]);
        assert!(
            found.contains("lower") && !found.contains("upper"),
            "{found}"
        );
    }
}
