//! Where a line meets a service: each side has its own small traits, and only here both are known.

mod post;
mod stream;

pub use post::serve_datagrams;
pub(crate) use stream::call;
