//! The answer to a request for a file that never changes: the kept one, or the repository's, which is kept on its way.

use std::sync::Arc;

use http::{HeaderValue, Method, Response, StatusCode, header};
use ssri::Integrity;

use super::{Reading, Relay};
use crate::forward::body::{self, Body};
use crate::forward::keep::{self, File, Hashes, Index, Keep, Kept, PATIENCE};
use crate::forward::refusal::Refusal;

/// The index of one package: npm's have megabytes.
const LARGEST_INDEX: usize = 64 << 20;

/// Tells whether all of a file is asked for.
pub(crate) fn is_whole(head: &http::request::Parts) -> bool {
    head.method == Method::GET && !head.headers.contains_key(header::RANGE)
}

/// Answers from the store, or from the repository. The flag: it comes from the store.
///
/// # Errors
/// There is no token, or the repository cannot be asked.
pub(crate) async fn answer(
    keep: &Keep,
    relay: &Relay<'_>,
    file: &File,
    reading: Reading,
) -> Result<(Response<Body>, bool), Refusal> {
    // A connection that has lost its role reads nothing any more.
    relay.token().await?;
    if let Some(kept) = keep.remembered(&file.key).await
        && let Some((body, size)) = keep.read(&kept).await
    {
        return Ok((response(&kept, body, size), true));
    }
    let expected = expected(keep, relay, file).await;
    let response = relay.read(&reading).await?;
    let is_whole = response.status() == StatusCode::OK;
    let Some(expected) = expected.filter(|_| is_whole) else {
        return Ok((response, false));
    };
    let (head, body) = response.into_parts();
    let media_type = head.headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|it| it.to_str().ok());
    let body = keep.pass(&file.key, expected, media_type, body).await;
    Ok((Response::from_parts(head, body), false))
}

/// The hash that the repository's index has for the file.
async fn expected(keep: &Keep, relay: &Relay<'_>, file: &File) -> Option<Integrity> {
    let key = (relay.room.root.clone(), file.index.clone());
    let fetch = async {
        let hashes = match &file.index {
            Index::Document(path) => document(relay, path).await,
            Index::Listing { package, version } => {
                let api = relay.proxy.api(PATIENCE);
                let connection = &relay.proxy.reach.connection;
                keep.listing
                    .hashes(&api, connection, relay.room, package, version)
                    .await
            }
        };
        Ok::<_, Refusal>(Arc::new(hashes))
    };
    let hashes = keep.indexes.get(key, fetch).await.ok()?;
    hashes.get(&file.name).cloned()
}

async fn document(relay: &Relay<'_>, path: &str) -> Hashes {
    let room = relay.room;
    let read = relay
        .read(&Reading::plain(format!("{}{path}", room.root)))
        .await;
    let Some(response) = read.ok().filter(|it| it.status() == StatusCode::OK) else {
        return Hashes::new();
    };
    let index = body::whole(response.into_body(), LARGEST_INDEX).await;
    index.map_or_else(
        |_| Hashes::new(),
        |index| keep::read_hashes(room.format, &index),
    )
}

fn response(kept: &Kept, body: Body, size: u64) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, size.into());
    let media_type = kept.media_type.as_deref();
    if let Some(media_type) = media_type.and_then(|it| HeaderValue::from_str(it).ok()) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    response
}
