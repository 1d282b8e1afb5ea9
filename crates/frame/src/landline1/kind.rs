//! The kinds of frames: their numbers, and what a number tells about a kind that is not known.
//! It does not know what a kind's payload means.

/// The most that the payload of a control frame holds, in bytes: 64 KiB. A decoder holds one such
/// payload at most, and only as much as has arrived.
pub const CONTROL_BYTES_MAX: u32 = 64 * 1024;

/// The most that the payload of a body frame holds, in bytes: 1 MiB. A decoder hands it on in
/// pieces and holds none of it.
pub const BODY_BYTES_MAX: u32 = 1024 * 1024;

/// Bit 7 of a kind: whoever does not know it must not pass over it.
const CRITICAL: u8 = 0x80;

/// Bit 6 of a kind: its payload is raw bytes.
const BODY: u8 = 0x40;

/// What a payload is, which bounds how long it may be. Bit 6 of a kind tells, so that the bound
/// holds for kinds that are not known too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A JSON object of at most [`CONTROL_BYTES_MAX`].
    Control,
    /// Raw bytes, at most [`BODY_BYTES_MAX`].
    Body,
}

impl Class {
    /// The class of any kind, known or not.
    pub const fn of(kind: u8) -> Self {
        if kind & BODY == 0 {
            Self::Control
        } else {
            Self::Body
        }
    }

    /// The most that a payload of this class holds, in bytes.
    pub const fn bytes_max(self) -> u32 {
        match self {
            Self::Control => CONTROL_BYTES_MAX,
            Self::Body => BODY_BYTES_MAX,
        }
    }
}

/// Whether bit 7 says that `kind` must not be passed over.
pub(super) const fn is_critical(kind: u8) -> bool {
    kind & CRITICAL != 0
}

/// Declares [`Kind`] from one list, so that numbers, names and [`Kind::ALL`] cannot drift apart.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// What a frame is for. The numbers are the wire's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Kind {
            /// Every kind, in the order of PROTOCOL.md.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The kind with this number, if there is one.
            pub const fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Its name in PROTOCOL.md.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The first frame of each side.
    Hello = 0x81, "HELLO";
    /// Asks for a service.
    Call = 0x82, "CALL";
    /// Answers a call.
    Reply = 0x83, "REPLY";
    /// One entry of a folder, or one file's facts.
    Entry = 0x84, "ENTRY";
    /// What the receiver of a file has already.
    Have = 0x85, "HAVE";
    /// How many more bytes of a stream the receiver takes.
    Credit = 0x86, "CREDIT";
    /// The last byte of a stream has gone out.
    End = 0x87, "END";
    /// The far end has everything: the only word that counts as delivery.
    Done = 0x88, "DONE";
    /// The call has failed.
    Error = 0x89, "ERROR";
    /// A signal for a command.
    Signal = 0x8a, "SIGNAL";
    /// The caller wants no more of the call.
    Cancel = 0x8b, "CANCEL";
    /// First contact.
    Pair = 0x8c, "PAIR";
    /// A run of zeros in a file.
    Hole = 0x8d, "HOLE";
    /// Something worth telling; may be passed over.
    Event = 0x01, "EVENT";
    /// A terminal's new size; may be passed over.
    Resize = 0x02, "RESIZE";
    /// Asks for a PONG; may be passed over.
    Ping = 0x03, "PING";
    /// Answers a PING; may be passed over.
    Pong = 0x04, "PONG";
    /// Bytes of the first stream.
    Data = 0xc1, "DATA";
    /// Bytes of the second stream (a command's stderr).
    Data2 = 0xc2, "DATA2";
    /// Words and environment of a command, each ended by NUL.
    Args = 0xc3, "ARGS";
}

impl Kind {
    /// Its number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What its payload is.
    pub const fn class(self) -> Class {
        Class::of(self.number())
    }

    /// Whether a peer that does not know it must end the call.
    pub const fn is_critical(self) -> bool {
        is_critical(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_kind_and_tells_its_class() {
        assert_eq!(Kind::ALL.len(), 20);
        for number in 0..=u8::MAX {
            let known = Kind::ALL.iter().filter(|kind| kind.number() == number);
            assert_eq!(known.copied().next(), Kind::from_number(number));
        }
        for kind in Kind::ALL {
            let is_body = ["DATA", "DATA2", "ARGS"].contains(&kind.name());
            assert_eq!(kind.class() == Class::Body, is_body, "{kind:?}");
        }
    }
}
