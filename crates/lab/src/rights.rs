//! For tests: what this user may do on this machine. Root in a container may do less than root.

/// Numbers of capabilities (capabilities(7)).
const NET_ADMIN: u64 = 12;
const NET_RAW: u64 = 13;
const SYS_ADMIN: u64 = 21;

/// Whether packets can be captured.
pub(crate) fn captures() -> bool {
    has(NET_RAW)
}

/// Whether namespaces can be made, and `ip` is there to furnish them.
pub(crate) fn makes_namespaces() -> bool {
    let ip = std::process::Command::new("ip").arg("-V").output();
    has(SYS_ADMIN) && has(NET_ADMIN) && ip.is_ok_and(|output| output.status.success())
}

/// The keys of what an experiment has to miss that uses both.
pub(crate) fn missing() -> Vec<&'static str> {
    let rights = [
        (makes_namespaces(), "lab-needs-namespaces"),
        (captures(), "lab-needs-capture"),
    ];
    let lacking = rights.into_iter().filter(|(is_had, _)| !is_had);
    lacking.map(|(_, key)| key).collect()
}

fn has(capability: u64) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    effective.is_some_and(|set| set >> capability & 1 == 1)
}
