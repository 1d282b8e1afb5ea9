//! A network whose link can be cut: two network namespaces (ip-netns(8)) with a router between, which
//! stops to forward and says nothing. Only root can make one.

use std::process::Command;
use std::sync::Arc;

use super::{Process, inside};

/// Where the server is, behind the router.
pub(crate) const SERVER: &str = "10.99.2.2";

/// A namespace that nobody sees, and that is gone with the process that holds it.
#[derive(Clone)]
pub(crate) struct Namespace(Arc<Process>);

impl Namespace {
    /// A namespace with a program in it that waits.
    fn new() -> Self {
        let mut command = Command::new("unshare");
        command.args(["--net", "sh", "-c", "echo made; exec cat"]);
        let process = Process::start(command);
        process.shows("made");
        Self(Arc::new(process))
    }

    /// Any command in it.
    pub(crate) fn within(&self, command: &Command) -> Command {
        let mut within = Command::new("nsenter");
        let target = self.0.id().to_string();
        within.args(["--net", "--target", &target]);
        inside(within, command)
    }

    /// Runs lines of a shell in it.
    pub(crate) fn run(&self, line: &str) {
        self.output(line);
    }

    /// What lines of a shell print in it.
    pub(crate) fn output(&self, line: &str) -> String {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", line]);
        let output = self.within(&shell).output().expect("nsenter is there");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A client's machine, a server's, and the router between.
pub(crate) struct Network {
    pub(crate) client: Namespace,
    pub(crate) router: Namespace,
    pub(crate) server: Namespace,
}

impl Network {
    /// All three, with a link that works.
    pub(crate) fn new() -> Self {
        let [client, router, server] = [(); 3].map(|()| Namespace::new());
        for (number, end) in [(1, &client), (2, &server)] {
            let id = end.0.id();
            router.run(&format!(
                "ip link add to{number} type veth peer name out netns {id}
                 ip address add 10.99.{number}.1/24 dev to{number}
                 ip link set to{number} up"
            ));
            end.run(&format!(
                "ip link set lo up
                 ip address add 10.99.{number}.2/24 dev out
                 ip link set out up
                 ip route add default via 10.99.{number}.1"
            ));
        }
        let network = Self {
            client,
            router,
            server,
        };
        network.heal();
        network
    }

    /// From now on nothing passes, and nobody is told.
    pub(crate) fn cut(&self) {
        self.router.run("echo 0 > /proc/sys/net/ipv4/ip_forward");
    }

    /// All passes again.
    pub(crate) fn heal(&self) {
        self.router.run("echo 1 > /proc/sys/net/ipv4/ip_forward");
    }
}

/// Whether such a network can be made here: by root, where the kernel and iproute2 have what it takes.
pub(crate) fn is_possible() -> bool {
    let probe = "ip link add probe type veth peer name eborp";
    let tried = Command::new("unshare")
        .args(["--net", "sh", "-c", probe])
        .output();
    let root = rustix::process::geteuid().is_root();
    root && tried.is_ok_and(|output| output.status.success())
}
