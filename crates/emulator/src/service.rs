//! The front that every emulated service has: it names a request, answers it, and words its own failures.
//! `dispatch` decides which service a request is for.

use bytes::Bytes;
use http::Response;

use crate::call::Call;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::reply::Refusal;

pub(crate) trait Service {
    /// Names what a request asks for, such as `sts:AssumeRole`; the journal and faults use it.
    fn action(&self, call: &Call) -> String;

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal>;

    /// Returns the service's answer to too many requests, or to a failure of its own.
    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        match kind {
            FaultKind::Throttle => Refusal::new(429, "TooManyRequests", "Rate exceeded"),
            _ => Refusal::new(
                status.unwrap_or(500),
                "InternalServerError",
                "internal error",
            ),
        }
    }

    /// A refusal in the words of the service's protocol.
    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        refusal.into_text()
    }
}

/// Returns the answer of the JSON services.
pub(crate) fn json_fault(kind: FaultKind, status: Option<u16>) -> Refusal {
    match kind {
        FaultKind::Throttle => Refusal::new(429, "ThrottlingException", "Rate exceeded"),
        _ => Refusal::new(
            status.unwrap_or(500),
            "InternalServerException",
            "The operation did not succeed because of an internal error.",
        ),
    }
}
