//! Where a line meets a service: each side has its own small traits, and only here both are known.

mod stream;

pub(crate) use stream::call;
