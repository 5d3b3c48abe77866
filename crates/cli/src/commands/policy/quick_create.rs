//! The console's link that deploys a published template with the connection's values filled in.

use codeartifact_auth::connection::Connection;

use super::ReaderRole;

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

/// All but the unreserved characters of RFC 3986.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_cannot_hold_is_escaped() {
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
