//! The console's link that deploys a published template with the connection's values filled in.

use codeartifact_auth::connection::Connection;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ReaderRole;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The link and a newline; `None` for a connection without a repository, which no file holds.
pub(super) fn link(
    role: &ReaderRole,
    connection: &Connection,
    template_url: &str,
) -> Option<String> {
    let endpoint = connection.endpoints.values().next()?;
    let region = &endpoint.domain.region;
    let console = match endpoint.partition().name {
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        "aws-cn" => "console.amazonaws.cn",
        _ => "console.aws.amazon.com",
    };
    let mut link = format!(
        "https://{region}.{console}/cloudformation/home?region={region}#/stacks/quickcreate\
         ?templateURL={}&stackName=codeartifact-reader&param_Principal={}",
        escaped(template_url),
        escaped(&role.principal)
    );
    if let Some(external_id) = &role.external_id {
        link.push_str(&format!("&param_ExternalId={}", escaped(external_id)));
    }
    link.push('\n');
    Some(link)
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_escaped() {
        let rows = [
            ("az09-._~", "az09-._~"),
            ("https://a/b?c&d", "https%3A%2F%2Fa%2Fb%3Fc%26d"),
            ("a+b=c@d", "a%2Bb%3Dc%40d"),
        ];
        for (text, expected) in rows {
            assert_eq!(escaped(text), expected);
        }
    }
}
