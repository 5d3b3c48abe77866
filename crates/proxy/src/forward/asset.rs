//! The host of a package's files, where CodeArtifact redirects to: S3, by a URL that is its own permission. The proxy
//! follows there itself, so that a build needs no other host at all: a tunnel to S3 leads to anybody's bucket.

use http::{HeaderMap, StatusCode, Uri, header};

/// S3's host names end in one of these.
const SUFFIXES: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"];

/// The URL of a file, if this answer is a redirect to S3 and nothing else.
pub(crate) fn location(status: StatusCode, headers: &HeaderMap) -> Option<Uri> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let uri: Uri = headers.get(header::LOCATION)?.to_str().ok()?.parse().ok()?;
    let authority = uri.authority()?;
    let is_bare = !authority.as_str().contains('@') && authority.port_u16().unwrap_or(443) == 443;
    let is_ours = uri.scheme_str() == Some("https") && is_bare && is_s3(authority.host());
    is_ours.then_some(uri)
}

fn is_s3(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_aws = SUFFIXES.iter().any(|suffix| host.ends_with(suffix));
    is_aws && (host.contains(".s3.") || host.contains(".s3-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_redirects_to_s3_are_followed() {
        let s3 =
            "https://assets-193858265520-us-east-1.s3.us-east-1.amazonaws.com/a?X-Amz-Signature=1";
        let rows = [
            (302, s3, true),
            (307, s3, true),
            (200, s3, false),
            (304, s3, false),
            (302, "https://b.s3-us-west-2.amazonaws.com/a", true),
            (302, "https://b.s3.cn-north-1.amazonaws.com.cn/a", true),
            (302, "https://b.s3.us-east-1.amazonaws.com:8443/a", false),
            (302, "https://me@b.s3.us-east-1.amazonaws.com/a", false),
            (302, "http://b.s3.us-east-1.amazonaws.com/a", false),
            (
                302,
                "https://b.s3.us-east-1.amazonaws.com.example.com/a",
                false,
            ),
            (302, "https://s3.us-east-1.amazonaws.com/b/a", false),
            (302, "https://169.254.169.254/.s3.amazonaws.com", false),
            (302, "https://ec2.amazonaws.com/.s3.", false),
            (302, "/npm/my-repo/other", false),
        ];
        for (status, url, expected) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, url.parse().unwrap());
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                location(status, &headers).is_some(),
                expected,
                "{status} {url}"
            );
        }
    }
}
