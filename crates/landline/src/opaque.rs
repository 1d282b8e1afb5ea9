//! What `{:?}` shows of types that hold a line or a service of somebody's own: their names.

use std::fmt;

use crate::{
    CallInput, CallOutput, Commander, ExecHandle, ExecRunning, Fetcher, Line, SecureServer, Server,
    StreamCall,
};

macro_rules! opaque {
    ($($name:ident $(<$parameter:tt>)?),+ $(,)?) => {$(
        impl $(<$parameter>)? fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

opaque!(
    CallInput<'line>,
    CallOutput<'line>,
    Commander,
    ExecHandle<'line>,
    ExecRunning<'line>,
    Fetcher<L>,
    Line,
    SecureServer,
    Server,
    StreamCall<'line>,
);
