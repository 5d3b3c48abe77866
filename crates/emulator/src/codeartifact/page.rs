//! One page of a list, in the way that all of CodeArtifact's list calls turn them.

use serde_json::Value;

use super::query::{Query, invalid};
use crate::reply::Refusal;

/// The most that one page may have, and what it has where nothing is asked.
const MOST: usize = 1000;

/// The page that a call asks for in its URL.
pub(super) fn page_of(query: &Query<'_>, items: Vec<Value>, name: &str) -> Result<Value, Refusal> {
    let asked = |name| query.call.parameter(name);
    page(
        items,
        name,
        asked("max-results").as_deref(),
        asked("next-token").as_deref(),
    )
}

pub(super) fn page(
    mut items: Vec<Value>,
    name: &str,
    max: Option<&str>,
    token: Option<&str>,
) -> Result<Value, Refusal> {
    let size = size(max)?;
    let rest = items.split_off(start(token, items.len())?);
    let next = (rest.len() > size).then(|| (items.len() + size).to_string());
    let page = rest.into_iter().take(size).collect();
    let mut body = serde_json::Map::from_iter([(name.to_owned(), Value::Array(page))]);
    body.extend(next.map(|next| ("nextToken".to_owned(), Value::String(next))));
    Ok(Value::Object(body))
}

fn size(max: Option<&str>) -> Result<usize, Refusal> {
    let Some(max) = max else { return Ok(MOST) };
    match max.parse() {
        Ok(size @ 1..=MOST) => Ok(size),
        _ => Err(invalid(format!(
            "'maxResults' must be between 1 and {MOST}"
        ))),
    }
}

/// A token is where the next page begins; only one that an answer had is taken.
fn start(token: Option<&str>, items: usize) -> Result<usize, Refusal> {
    let Some(token) = token else { return Ok(0) };
    match token.parse() {
        Ok(from) if from < items => Ok(from),
        _ => Err(invalid("'nextToken' is not one of this service".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn three(max: Option<&str>, token: Option<&str>) -> Option<Value> {
        page(vec![json!(1), json!(2), json!(3)], "items", max, token).ok()
    }

    #[test]
    fn pages_turn() {
        for (max, token, expected) in [
            (None, None, json!({"items": [1, 2, 3]})),
            (Some("2"), None, json!({"items": [1, 2], "nextToken": "2"})),
            (Some("2"), Some("2"), json!({"items": [3]})),
            (Some("3"), None, json!({"items": [1, 2, 3]})),
            (Some("1000"), None, json!({"items": [1, 2, 3]})),
        ] {
            assert_eq!(three(max, token), Some(expected), "{max:?} {token:?}");
        }
    }

    #[test]
    fn a_page_of_an_illegal_size_or_with_an_unknown_token_is_refused() {
        for (max, token) in [
            (Some("0"), None),
            (Some("1001"), None),
            (Some("-1"), None),
            (None, Some("zzz")),
            (None, Some("9")),
        ] {
            assert_eq!(three(max, token), None, "{max:?} {token:?}");
        }
    }
}
