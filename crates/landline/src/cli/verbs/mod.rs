//! One file a verb: what was typed becomes what the library is asked to do.

pub(crate) mod call;
pub(crate) mod exec;
pub(crate) mod get;
pub(crate) mod id;
pub(crate) mod later;
pub(crate) mod listen;
pub(crate) mod manual;
mod plain;
pub(crate) mod trust;
