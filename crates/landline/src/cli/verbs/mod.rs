//! One file a verb: what was typed becomes what the library is asked to do.

pub(crate) mod call;
pub(crate) mod exec;
mod far_path;
mod files;
pub(crate) mod get;
pub(crate) mod id;
pub(crate) mod lab;
pub(crate) mod later;
pub(crate) mod listen;
pub(crate) mod ls;
pub(crate) mod manual;
pub(crate) mod pair;
pub(crate) mod ping;
mod plain;
pub(crate) mod put;
mod secure;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod tap;
pub(crate) mod trust;
