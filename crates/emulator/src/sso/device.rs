//! The page on which a person confirms a sign-in. Opening it is the confirmation; `&answer=deny` refuses.

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::call::Call;
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::service::Service;

pub(crate) struct SsoDevice;

impl Service for SsoDevice {
    fn action(&self, _call: &Call) -> String {
        "sso:page".to_owned()
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        _entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let unknown = || Refusal::new(404, "NotFound", "no sign-in waits for this code");
        let code = call.parameter("user_code").ok_or_else(unknown)?;
        let approved = call.parameter("answer").as_deref() != Some("deny");
        if emulator.sign_ins.answer(Some(&code), approved) == 0 {
            return Err(unknown());
        }
        let text = if approved {
            "Request approved\n"
        } else {
            "Request denied\n"
        };
        Ok(reply::text(StatusCode::OK, text))
    }
}
