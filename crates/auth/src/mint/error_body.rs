//! AWS's words in an answer that the SDK could not read: other shapes of the same errors, as older services, gateways and
//! stand-ins of AWS write them.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::Value;

use crate::error::AwsSaid;

/// The code and message of an error, if the answer has a code at all. Without one it is not AWS's.
pub(super) fn read(response: &HttpResponse) -> Option<AwsSaid> {
    let body = std::str::from_utf8(response.body().bytes()?).ok()?;
    let header = |name| response.headers().get(name).map(str::to_owned);
    let (code, message) = of_json(body).or_else(|| of_xml(body)).unwrap_or_default();
    let code = header("x-amzn-errortype").unwrap_or(code);
    Some(AwsSaid {
        code: short(&code)?.to_owned(),
        message,
        request_id: header("x-amzn-requestid").or_else(|| element(body, "RequestId")),
    })
}

/// `com.amazonaws.codeartifact#AccessDeniedException:http://…` → `AccessDeniedException`
fn short(code: &str) -> Option<&str> {
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    let code = code.split(':').next().unwrap_or_default().trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
    (!code.is_empty() && code.bytes().all(is_name)).then_some(code)
}

fn of_json(body: &str) -> Option<(String, String)> {
    let answer: Value = serde_json::from_str(body).ok()?;
    let inner = answer.get("Error").or(answer.get("error"));
    let text = |names: &[&str]| {
        let places = [Some(&answer), inner];
        let mut found = places.into_iter().flatten().flat_map(|place| {
            let values = names.iter().map(|name| place.get(*name)?.as_str());
            values.flatten().collect::<Vec<_>>()
        });
        found.next().map(str::to_owned)
    };
    let code = text(&["__type", "code", "Code", "errorCode"])?;
    Some((
        code,
        text(&["message", "Message", "errorMessage"]).unwrap_or_default(),
    ))
}

fn of_xml(body: &str) -> Option<(String, String)> {
    let code = element(body, "Code")?;
    Some((code, element(body, "Message").unwrap_or_default()))
}

/// The text of the first element of this name.
fn element(body: &str, name: &str) -> Option<String> {
    let (_, after) = body.split_once(&format!("<{name}>"))?;
    let (text, _) = after.split_once(&format!("</{name}>"))?;
    let text = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.trim().to_owned(), |text, (entity, sign)| {
        text.replace(entity, sign)
    });
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_a_code_is_awss() {
        let denied = Some(("AccessDenied", "no"));
        let rows = [
            (
                "<ErrorResponse><Errors><Error><Code>AccessDenied</Code><Message>no</Message></Error></Errors></ErrorResponse>",
                denied,
            ),
            (
                "<Response><Errors><Error><Code>AccessDenied</Code><Message>no</Message></Error></Errors></Response>",
                denied,
            ),
            (
                "<Error>\n  <Code> AccessDenied </Code>\n  <Message>no</Message>\n</Error>",
                denied,
            ),
            (
                r#"{"__type": "com.amazon#AccessDenied", "Message": "no"}"#,
                denied,
            ),
            (
                r#"{"code": "AccessDenied:http://x/", "message": "no"}"#,
                denied,
            ),
            (
                r#"{"Error": {"Code": "AccessDenied", "Message": "no"}}"#,
                denied,
            ),
            (
                "<Error><Code>A</Code><Message>a &lt; b &amp;&amp; c</Message></Error>",
                Some(("A", "a < b && c")),
            ),
            ("<html><code>AccessDenied</code> sign in</html>", None),
            ("<html><Code></Code></html>", None),
            (r#"{"code": "please sign in"}"#, None),
            (r#"{"code": 403}"#, None),
            ("", None),
        ];
        for (body, expected) in rows {
            let response = HttpResponse::new(403.try_into().unwrap(), body.into());
            let said = read(&response);
            let said = said
                .as_ref()
                .map(|said| (said.code.as_str(), said.message.as_str()));
            assert_eq!(said, expected, "{body}");
        }
    }
}
