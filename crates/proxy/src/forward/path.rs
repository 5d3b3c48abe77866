//! The one spelling of a path that is forwarded. Two programs may read another spelling in two ways, and then the one
//! that judges is not the one that serves.

/// The encoded slash of a scoped npm name, `@my-scope%2fmy-package`, as npm, pnpm and Yarn send it.
const ENCODED_SLASH: &str = "%2f";

/// Characters that need no encoding in a path, beside letters and digits (RFC 3986, `pchar`).
const PLAIN: &[u8] = b"-._~!$&'()*+,;=:@";

/// Checks that a path (without its query) is canonical: `/`-separated segments, none of which is empty, `.` or `..`,
/// nothing encoded that could be written plainly, and no encoded slash, backslash, percent sign or control character.
/// Only a scoped npm name may have an encoded slash.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn check(path: &str, is_npm: bool) -> Result<(), &'static str> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err("does not begin with a slash");
    };
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        // A trailing slash leaves an empty one behind.
        if segment.is_empty() && segments.peek().is_some() {
            return Err("has an empty segment");
        }
        check_segment(segment, is_npm)?;
    }
    Ok(())
}

fn check_segment(segment: &str, is_npm: bool) -> Result<(), &'static str> {
    match scope_and_name(segment).filter(|_| is_npm) {
        Some((scope, name)) => {
            if scope == "@" || name.is_empty() {
                return Err("has an incomplete scoped name");
            }
            check_part(scope)?;
            check_part(name)
        }
        None => check_part(segment),
    }
}

/// The parts of `@my-scope%2fmy-package`.
fn scope_and_name(segment: &str) -> Option<(&str, &str)> {
    let at = segment.to_ascii_lowercase().find(ENCODED_SLASH)?;
    let (scope, name) = segment.split_at(at);
    scope
        .starts_with('@')
        .then(|| (scope, &name[ENCODED_SLASH.len()..]))
}

fn check_part(part: &str) -> Result<(), &'static str> {
    if part == "." || part == ".." {
        return Err("has a dot segment");
    }
    let mut bytes = part.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            check_encoded(bytes.next(), bytes.next())?;
        } else if !byte.is_ascii_alphanumeric() && !PLAIN.contains(&byte) {
            return Err("has a character that must be encoded");
        }
    }
    Ok(())
}

fn check_encoded(high: Option<u8>, low: Option<u8>) -> Result<(), &'static str> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    let (Some(high), Some(low)) = (digit(high), digit(low)) else {
        return Err("has a percent sign that encodes nothing");
    };
    // Two hexadecimal digits are a byte.
    match u8::try_from(high * 16 + low).unwrap_or_default() {
        b'/' => Err("has an encoded slash"),
        b'\\' => Err("has an encoded backslash"),
        b'%' => Err("is encoded twice"),
        0..=0x1f | 0x7f => Err("has an encoded control character"),
        byte if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) => {
            Err("encodes a character that needs no encoding")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_paths() {
        for path in [
            "/npm/my-repo/my-package",
            "/npm/my-repo/@my-scope/my-package",
            "/npm/my-repo/@my-scope%2fmy-package",
            "/npm/my-repo/@my-scope%2Fmy-package/-/my-package-1.0.0.tgz",
            "/pypi/my-repo/simple/",
            "/go/my-repo/example.com/!my!module/@v/v2.0.0+incompatible.info",
            "/go/my-repo/example.com/a%20b/@v/list",
            "/maven/my-repo/a/b/1.0/b-1.0.jar",
            "/",
        ] {
            assert_eq!(check(path, true), Ok(()), "{path}");
        }
    }

    /// A path, if it is npm's, and why it is refused.
    const OTHER_SPELLINGS: [(&str, bool, &str); 29] = [
        ("npm/my-repo", true, "does not begin with a slash"),
        ("", true, "does not begin with a slash"),
        ("//npm/my-repo/x", true, "has an empty segment"),
        ("/npm//my-repo/x", true, "has an empty segment"),
        ("/npm/my-repo/x//", true, "has an empty segment"),
        ("/npm/my-repo/../other/x", true, "has a dot segment"),
        ("/npm/my-repo/./x", true, "has a dot segment"),
        ("/npm/my-repo/..", true, "has a dot segment"),
        (
            "/npm/my-repo/%2e%2e/other",
            true,
            "encodes a character that needs no encoding",
        ),
        (
            "/npm/my-repo/.%2E/other",
            true,
            "encodes a character that needs no encoding",
        ),
        (
            "/%6epm/my-repo/x",
            true,
            "encodes a character that needs no encoding",
        ),
        ("/npm/my-repo%2f..%2fother/x", true, "has an encoded slash"),
        ("/npm/my-repo/x%2fy", true, "has an encoded slash"),
        ("/npm/my-repo/@a%2f..%2fb", true, "has an encoded slash"),
        ("/npm/my-repo/@a%2f..", true, "has a dot segment"),
        ("/npm/my-repo/@%2fb", true, "has an incomplete scoped name"),
        ("/npm/my-repo/@a%2f", true, "has an incomplete scoped name"),
        ("/pypi/my-repo/@a%2fb", false, "has an encoded slash"),
        ("/npm/my-repo/a%5cb", true, "has an encoded backslash"),
        (
            "/npm/my-repo/a\\b",
            true,
            "has a character that must be encoded",
        ),
        (
            "/npm/my-repo/a%00",
            true,
            "has an encoded control character",
        ),
        (
            "/npm/my-repo/a%0d%0ab",
            true,
            "has an encoded control character",
        ),
        ("/npm/my-repo/%252e%252e/other", true, "is encoded twice"),
        (
            "/npm/my-repo/a%",
            true,
            "has a percent sign that encodes nothing",
        ),
        (
            "/npm/my-repo/a%2",
            true,
            "has a percent sign that encodes nothing",
        ),
        (
            "/npm/my-repo/a%+1",
            true,
            "has a percent sign that encodes nothing",
        ),
        (
            "/npm/my-repo/é",
            true,
            "has a character that must be encoded",
        ),
        (
            "/npm/my-repo/a b",
            true,
            "has a character that must be encoded",
        ),
        (
            "/npm/my-repo/a\tb",
            true,
            "has a character that must be encoded",
        ),
    ];

    #[test]
    fn other_spellings() {
        for (path, is_npm, expected) in OTHER_SPELLINGS {
            assert_eq!(check(path, is_npm), Err(expected), "{path}");
        }
    }
}
