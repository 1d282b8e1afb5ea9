//! Control frames: any payload is refused or understood, and what was understood is written, and read
//! again, as the same.

use std::fmt::Debug;

use landline_frame::landline1::{
    CONTROL_BYTES_MAX, Class, Control, ControlError, FrameError, HEADER_BYTES, Json, Kind, Reply,
};

use crate::vectors::{bytes, landline1};

/// A payload may become longer when it is written again, by keys that were left out and by nothing
/// else: by less than this.
const LONGER_BYTES_MAX: usize = 256;

/// Panics where `data` as the payload of any kind is not the same after it was written.
pub fn check(data: &[u8]) {
    for kind in Kind::ALL.iter().copied() {
        if kind.class() == Class::Control {
            payload(kind, data);
        }
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(json) = Json::parse(text)
    {
        assert_eq!(Json::parse(json.as_str()), Ok(json));
    }
}

/// Payloads of the vectors, taken and refused.
pub fn seeds() -> Vec<Vec<u8>> {
    let taken = landline1("controls");
    let taken = taken
        .iter()
        .map(|row| bytes(row, "hex").split_off(HEADER_BYTES));
    let refused = landline1("controls_refused");
    taken
        .chain(refused.iter().map(|row| bytes(row, "hex")))
        .collect()
}

fn payload(kind: Kind, data: &[u8]) {
    let control = match Control::parse(kind, data) {
        Ok(control) => control,
        Err(error) => {
            // It goes to the peer and into logs: never a text of the peer's own length.
            assert!(error.to_string().len() < 256, "{error}");
            return;
        }
    };
    assert_eq!(control.kind(), kind);
    match control.encode() {
        Ok(wire) => {
            let again = Control::parse(kind, &wire[HEADER_BYTES..]);
            assert_eq!(again.as_ref(), Ok(&control));
            assert_eq!(control.encode().as_ref(), Ok(&wire));
        }
        Err(FrameError::Unsendable { .. }) => {
            assert!(data.len() + LONGER_BYTES_MAX > CONTROL_BYTES_MAX as usize);
        }
        Err(error) => panic!("{error}"),
    }
    if let Control::Reply(reply) = control {
        same_reply(reply.to_opened(), |it| Reply::opened(it.window).to_opened());
        same_reply(reply.to_files(), |it| Reply::files(it).to_files());
        same_reply(reply.to_paired(), |it| Reply::paired(it).to_paired());
        same_reply(reply.to_status(), |it| Reply::status(it).to_status());
    }
}

/// What a REPLY says to its call is the same when it is written and read again.
fn same_reply<T: PartialEq + Debug>(
    read: Result<T, ControlError>,
    again: impl Fn(&T) -> Result<T, ControlError>,
) {
    if let Ok(read) = read {
        assert_eq!(again(&read), Ok(read));
    }
}
