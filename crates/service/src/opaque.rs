//! What `{:?}` shows of types that hold a line, a journal or a caller's own things: their names.

use std::fmt;

use crate::{Call, Command, CommandCall, Echo, Exec, Files, Print, Relay, Settings};

macro_rules! opaque {
    ($($name:ident),+ $(,)?) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

opaque!(
    Call,
    Command,
    CommandCall,
    Echo,
    Exec,
    Files,
    Print,
    Relay,
    Settings
);
