//! The checksum database's own host. What it answers is for `checksums`.

use bytes::Bytes;
use http::Response;

use crate::call::Call;
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::reply::Refusal;
use crate::service::Service;

pub(crate) struct ChecksumHost;

impl Service for ChecksumHost {
    fn action(&self, call: &Call) -> String {
        action(&call.path)
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        _entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let missing = || Refusal::new(404, "NotFound", "there is no checksum database");
        let database = emulator.scenario.checksums_at(&call.host);
        let database = database.ok_or_else(missing)?;
        Ok(database.answer(call.request.method(), &call.path))
    }
}

/// `other` is a path that go never asks for.
fn action(path: &str) -> String {
    let question = path.trim_start_matches('/').split('/').next();
    let known = ["supported", "latest", "lookup", "tile"];
    let known = known.into_iter().find(|known| Some(*known) == question);
    format!("sumdb:{}", known.unwrap_or("other"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions() {
        for (path, expected) in [
            ("/supported", "sumdb:supported"),
            ("/lookup/example.org/b@v1.0.0", "sumdb:lookup"),
            ("/tile/8/0/000.p/2", "sumdb:tile"),
            ("/", "sumdb:other"),
        ] {
            assert_eq!(action(path), expected);
        }
    }
}
