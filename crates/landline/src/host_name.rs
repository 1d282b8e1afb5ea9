//! What this machine calls itself towards others.

/// The first part of its host name.
pub(crate) fn host_name() -> String {
    let system = rustix::system::uname();
    let name = system.nodename().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}
