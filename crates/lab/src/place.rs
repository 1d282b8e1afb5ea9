//! Where the ends of an experiment are: on this machine's loopback, or in network namespaces of its
//! own that a cable joins (veth(4), network_namespaces(7)). It does not know what is measured there.
//!
//! ```text
//!   Place::loopback()   both ends on 127.0.0.1
//!   Place::alone()      the same, in a namespace where nobody else sends
//!   Place::pair()       one namespace each: 10.99.0.1 lab0 ---- veth, MTU 1500 ---- lab0 10.99.0.2
//! ```
//!
//! A socket belongs to the namespace in which it was made, whichever thread uses it later. So a
//! socket is made by [`Net::run`], and used from anywhere. A namespace is gone with its last
//! [`Net`] and the last socket in it.

use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use nix::sched::{CloneFlags, unshare};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::experiment::LabError;
use crate::report::Missing;

/// What the cable between two namespaces carries in one piece: what Ethernet does.
pub(crate) const CABLE_MTU: usize = 1500;

/// The name of the cable's end in both namespaces.
const CABLE: &str = "lab0";

/// What `ip` is told for a loopback that is down.
const LOOPBACK_UP: &str = "link set lo up\n";

/// The key of the sentence about what namespaces need: CAP_SYS_ADMIN, and `ip` of iproute2.
const NEEDS: &str = "lab-needs-namespaces";

/// The two ends of an experiment.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where the one and the other are. On loopback they are the same.
    pub(crate) ends: [End; 2],
}

/// One end: a namespace, and its address there.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) net: Net,
    pub(crate) address: Ipv4Addr,
    /// Where IPv6 is on.
    pub(crate) address_v6: Option<Ipv6Addr>,
    /// The interface that leads to the other end.
    pub(crate) interface: &'static str,
}

impl Place {
    /// Both ends on this machine's loopback, where others send, too.
    pub(crate) fn loopback() -> Self {
        Self::on_loopback(Net::own())
    }

    /// Both ends on the loopback of a namespace of their own, so that nobody else's packets are seen.
    pub(crate) fn alone() -> Result<Self, Missing> {
        Net::fresh().map(Self::on_loopback)
    }

    /// Two namespaces, and a cable with the MTU of Ethernet between them.
    pub(crate) fn pair() -> Result<Self, Missing> {
        let nets = [Net::fresh()?, Net::fresh()?];
        let has_v6 = nets.iter().all(Net::has_v6);
        nets[0].plug(CABLE, &nets[1], CABLE)?;
        let [one, other] = nets;
        let ends = [(one, 1), (other, 2)].map(|(net, number)| End {
            net,
            address: Ipv4Addr::new(10, 99, 0, number),
            address_v6: has_v6.then(|| Ipv6Addr::new(0xfd99, 0, 0, 0, 0, 0, 0, number.into())),
            interface: CABLE,
        });
        for end in &ends {
            let mut lines = format!("address add {}/24 dev {CABLE}\n", end.address);
            if let Some(address) = end.address_v6 {
                // There is nobody who might have the address: it need not be asked for.
                lines += &format!("address add {address}/64 dev {CABLE} nodad\n");
            }
            end.net.ip(&lines)?;
        }
        Ok(Self { ends })
    }

    fn on_loopback(net: Net) -> Self {
        let address_v6 = net.has_v6().then_some(Ipv6Addr::LOCALHOST);
        let end = End {
            net,
            address: Ipv4Addr::LOCALHOST,
            address_v6,
            interface: "lo",
        };
        Self {
            ends: [end.clone(), end],
        }
    }
}

/// Brings up the loopback of this program's own namespace where it is down: a new namespace has it so
/// (`unshare -rn`), and no experiment would reach its other end.
///
/// # Errors
/// When it is down and stays so: this needs CAP_NET_ADMIN, and `ip` of iproute2.
pub fn bring_loopback_up() -> Result<(), LabError> {
    match reaches_loopback() {
        Err(error) if error.kind() == io::ErrorKind::NetworkUnreachable => {
            ip_batch(LOOPBACK_UP).map_err(LabError::of("ip"))
        }
        _ => Ok(()),
    }
}

/// Asks for the way there; nothing is sent.
fn reaches_loopback() -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(socket.local_addr()?)
}

/// A network namespace. A clone is the same one.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// Keeps the namespace; none for the one in which this program runs.
    file: Option<Arc<File>>,
}

impl Net {
    /// The namespace in which this program runs.
    pub(crate) fn own() -> Self {
        Self { file: None }
    }

    /// A new one with nothing in it but a loopback that is up.
    pub(crate) fn fresh() -> Result<Self, Missing> {
        let made = on_a_thread(|| -> io::Result<File> {
            unshare(CloneFlags::CLONE_NEWNET)?;
            File::open("/proc/thread-self/ns/net")
        });
        let file = made.map_err(|error| missing(&error))?;
        let net = Self {
            file: Some(Arc::new(file)),
        };
        net.ip(LOOPBACK_UP)?;
        Ok(net)
    }

    /// Runs `job` in the namespace, on a thread of its own, and waits for it.
    pub(crate) fn run<T: Send>(
        &self,
        job: impl FnOnce() -> Result<T, LabError> + Send,
    ) -> Result<T, LabError> {
        on_a_thread(|| {
            self.enter()?;
            job()
        })
    }

    /// Moves the calling thread into the namespace, and with it whatever it starts. Only for a
    /// thread of one's own: it does not come back.
    pub(crate) fn enter(&self) -> Result<(), LabError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
            .map_err(|error| LabError::of("enter a network namespace")(error.into()))
    }

    /// Lets `ip` do these lines in the namespace (ip(8), `-batch`).
    pub(crate) fn ip(&self, lines: &str) -> Result<(), Missing> {
        let done = self.run(|| ip_batch(lines).map_err(LabError::of("ip")));
        done.map_err(|error| Missing {
            needs: NEEDS,
            why: error.to_string(),
        })
    }

    /// Joins an interface `name` here and one `other_name` in `other`, both up, with the MTU of
    /// Ethernet and without an address.
    pub(crate) fn plug(&self, name: &str, other: &Self, other_name: &str) -> Result<(), Missing> {
        let file = other.file.as_ref().expect("a cable joins new namespaces");
        let netns = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        self.ip(&format!(
            "link add {name} mtu {CABLE_MTU} type veth \
             peer name {other_name} mtu {CABLE_MTU} netns {netns}\n"
        ))?;
        for (net, name) in [(self, name), (other, other_name)] {
            // One packet of the capture is one packet of the cable, and nobody speaks unasked.
            net.ip(&format!(
                "link set {name} gso_max_segs 1 addrgenmode none\nlink set {name} up\n"
            ))?;
        }
        Ok(())
    }

    /// Sets a switch of the namespace's network, such as `ipv4/ip_forward` (proc_sys_net(5)).
    pub(crate) fn set(&self, switch: &str, value: &str) -> Result<(), LabError> {
        let path = format!("/proc/sys/net/{switch}");
        self.run(|| {
            std::fs::write(path, value).map_err(LabError::of("write a switch of the network"))
        })
    }

    fn has_v6(&self) -> bool {
        let path = "/proc/sys/net/ipv6/conf/all/disable_ipv6";
        let read = self.run(|| std::fs::read_to_string(path).map_err(LabError::of("read")));
        read.is_ok_and(|text| text.trim() == "0")
    }
}

fn on_a_thread<T: Send>(job: impl FnOnce() -> T + Send) -> T {
    let joined = thread::scope(|scope| scope.spawn(job).join());
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn ip_batch(lines: &str) -> io::Result<()> {
    let mut child = Command::new("ip")
        .args(["-batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let written = child
        .stdin
        .take()
        .map(|mut input| input.write_all(lines.as_bytes()));
    let output = child.wait_with_output()?;
    if output.status.success() {
        return written.unwrap_or(Ok(()));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(
        said.lines().next().unwrap_or_default().to_string(),
    ))
}

fn missing(error: &io::Error) -> Missing {
    Missing {
        needs: NEEDS,
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, TcpListener, TcpStream};
    use std::time::Duration;

    use super::*;
    use crate::rights::makes_namespaces;

    fn meets(listening: &End, calling: &End, address: IpAddr) -> bool {
        let listener = listening
            .net
            .run(|| TcpListener::bind((address, 0)).map_err(LabError::of("listen")))
            .expect("it listens");
        let port = listener.local_addr().expect("it has one").port();
        let stream = calling.net.run(|| {
            TcpStream::connect_timeout(&(address, port).into(), Duration::from_secs(5))
                .map_err(LabError::of("connect"))
        });
        stream.is_ok()
    }

    #[test]
    fn the_ends_of_a_pair_reach_each_other_and_nothing_else() {
        let place = match Place::pair() {
            Ok(place) => place,
            Err(missing) => return assert!(!makes_namespaces(), "{missing:?}"),
        };
        let [one, other] = &place.ends;
        assert!(meets(one, other, one.address.into()));
        assert!(meets(other, one, other.address.into()));
        if let (Some(address), Some(_)) = (one.address_v6, other.address_v6) {
            assert!(meets(one, other, address.into()));
        }
        let beyond = one.net.run(|| {
            let socket = UdpSocket::bind("0.0.0.0:0").map_err(LabError::of("bind"))?;
            socket
                .connect("192.0.2.1:9")
                .map_err(LabError::of("connect"))
        });
        assert!(beyond.is_err(), "there is no way out");
    }

    #[test]
    fn a_namespace_is_gone_with_its_last_holder() {
        let Ok(place) = Place::alone() else {
            return assert!(!makes_namespaces());
        };
        let end = &place.ends[0];
        assert!(meets(end, end, end.address.into()));
        let file = end.net.file.as_ref().map(Arc::downgrade);
        let file = file.expect("it is a new one");
        let clone = place.ends[1].net.clone();
        drop(place);
        assert!(file.upgrade().is_some());
        drop(clone);
        assert!(file.upgrade().is_none());
    }

    #[test]
    fn a_loopback_that_is_down_is_brought_up() {
        let up = on_a_thread(|| {
            unshare(CloneFlags::CLONE_NEWNET).ok()?;
            let before = reaches_loopback().is_ok();
            let brought = bring_loopback_up().and_then(|()| bring_loopback_up());
            Some((before, brought.is_ok(), reaches_loopback().is_ok()))
        });
        match up {
            Some(up) => assert_eq!(up, (false, true, true)),
            None => assert!(!makes_namespaces()),
        }
    }

    #[test]
    fn loopback_needs_nothing() {
        let [one, other] = Place::loopback().ends;
        assert!(meets(&one, &other, one.address.into()));
    }
}
