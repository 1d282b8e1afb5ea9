//! The one table of errors of landline/1: code, name, sentence, whose fault, and whether the line
//! goes on. It does not know how an error is noticed.

/// Whose fault an error is, seen from the side that noticed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The other side broke the protocol.
    Peer,
    /// This side failed.
    Ours,
    /// Who asked, asked for what cannot be or may not be.
    Caller,
}

/// What becomes of the line after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It takes the next call.
    Stays,
    /// It is closed once the error is sent.
    Ends,
}

/// Declares [`Code`] and [`CODES`] from one list.
macro_rules! codes {
    ($($variant:ident = $number:literal, $name:literal, $fault:ident, $line:ident, $sentence:literal;)*) => {
        /// What an ERROR frame can say. The numbers are the wire's and are never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Code {
            $(#[doc = $sentence] $variant = $number,)*
        }

        /// Every code, by number.
        pub const CODES: &[Code] = &[$(Code::$variant),*];

        impl Code {
            /// Its name on the wire and in catalogues of messages.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, in one sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// Whose fault it is.
            pub const fn fault(self) -> Fault {
                match self { $(Self::$variant => Fault::$fault,)* }
            }

            /// Whether the line takes another call after it.
            pub const fn line(self) -> Line {
                match self { $(Self::$variant => Line::$line,)* }
            }
        }
    };
}

codes! {
    Malformed = 1, "frame-malformed", Peer, Ends, "A frame's header breaks its own rules.";
    TooLong = 2, "frame-too-long", Peer, Ends, "A frame is longer than its kind allows.";
    FrameUnsupported = 3, "frame-unsupported", Peer, Ends, "A frame of an unknown kind must not be passed over.";
    CutShort = 4, "frame-cut-short", Peer, Ends, "The line ended inside a frame.";
    Unsendable = 5, "frame-unsendable", Caller, Ends, "A payload is longer than one frame may be.";
    Protocol = 6, "protocol", Peer, Ends, "A frame says what the protocol does not allow at this point.";
    Unsupported = 7, "unsupported", Caller, Stays, "The server has no such service or feature.";
    NotGranted = 8, "not-granted", Caller, Stays, "The key may not use this service.";
    UnknownPeer = 9, "unknown-peer", Caller, Ends, "An unknown key may call nothing but pair.";
    Busy = 10, "busy", Ours, Stays, "The server has as much to do as it takes on; try again later.";
    TooLarge = 11, "too-large", Caller, Ends, "What was asked for is larger than the server takes.";
    EnvRefused = 12, "env-refused", Caller, Stays, "The server does not take this environment variable.";
    DirMissing = 13, "dir-missing", Caller, Stays, "The folder to run in is not there or cannot be entered.";
    ProgramMissing = 14, "program-missing", Caller, Stays, "There is no such program (a shell says 127).";
    ProgramNotExecutable = 15, "program-not-executable", Caller, Stays, "The program is there but cannot be run (a shell says 126).";
    TicketRefused = 16, "ticket-refused", Caller, Ends, "The ticket is unknown, used, expired, or not proven.";
    Timeout = 17, "timeout", Peer, Ends, "The other side took longer than it may.";
    Internal = 18, "internal", Ours, Stays, "The side that says so has failed.";
    PathMissing = 19, "path-missing", Caller, Stays, "There is no such file or folder.";
    PathRefused = 20, "path-refused", Caller, Stays, "The path leads out of the share, or can be none.";
    ShareMissing = 21, "share-missing", Caller, Stays, "There is no such share, or none that the key may use so.";
    Exists = 22, "exists", Caller, Stays, "Something else stands there already, and is kept.";
    Unreadable = 23, "unreadable", Ours, Stays, "The file or folder cannot be read.";
    Unwritable = 24, "unwritable", Ours, Stays, "The file or folder cannot be written.";
    DiskFull = 25, "disk-full", Ours, Stays, "There is not enough space for the file.";
    SourceChanged = 26, "source-changed", Ours, Stays, "The file changed while it was sent.";
    DigestDiffers = 27, "digest-differs", Peer, Stays, "What came is not what was sent.";
    NotRegular = 28, "not-regular", Caller, Stays, "It is a link, a device, a pipe or a socket, which are not sent.";
    GivenUp = 29, "given-up", Caller, Stays, "The other side wants no more of this file.";
    NameTwice = 30, "name-twice", Caller, Stays, "Something else of the same transfer goes by this name.";
    NotReplaced = 31, "not-replaced", Caller, Stays, "What stands there already is never replaced.";
    TakenOver = 32, "taken-over", Caller, Stays, "Another call of the same key goes on with the file.";
}

impl Code {
    /// Its number on the wire.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The code with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        CODES.iter().copied().find(|code| code.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_from_one_and_names_differ() {
        for (index, code) in CODES.iter().enumerate() {
            assert_eq!(usize::from(code.number()), index + 1);
            let same = CODES.iter().filter(|other| other.name() == code.name());
            assert_eq!(same.count(), 1, "{code:?}");
            assert!(code.sentence().ends_with('.'), "{code:?}");
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
    }
}
