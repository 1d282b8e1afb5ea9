//! `listen ADDRESS SERVICE`: what may be typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};
use ipnet::IpNet;

use super::duration;

/// The largest `--recv`, in bytes. A buffer of this size is held for each call.
const RECV_BYTES_MAX: u64 = 16 * 1024 * 1024;

const EXAMPLES: &str = "\
Examples:
  landline listen tcp://127.0.0.1:9000 answer hello --once
  landline listen tcp://127.0.0.1:9000 echo --upper --suffix sb
  landline listen unix:/tmp/run.sock exec
  landline listen tcp://127.0.0.1:9001 files --root /srv/files
  landline listen udp://127.0.0.1:9002 relay --no-self
  landline listen udp://127.0.0.1:9003 print --recv 10
";

/// Answer callers on a plain socket.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ListenArguments {
    /// tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unixgram:PATH; port 0 is any free one
    pub(crate) address: String,
    /// What answers
    pub(crate) service: ServiceName,
    /// For answer: what is answered
    pub(crate) text: Option<OsString>,

    /// Queue of finished handshakes that nobody accepted yet
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1024,
        env = "LANDLINE_BACKLOG"
    )]
    pub(crate) backlog: u32,
    /// Serve one client, then the next
    #[arg(long)]
    pub(crate) one_at_a_time: bool,
    /// The most that one read takes
    #[arg(long, value_name = "BYTES", default_value_t = 1024, env = "LANDLINE_RECV",
        value_parser = clap::value_parser!(u64).range(1..=RECV_BYTES_MAX))]
    pub(crate) recv: u64,
    /// Serve one client (on datagrams: one datagram), then exit
    #[arg(long)]
    pub(crate) once: bool,
    /// Poll this long after each message before sleeping; burns a core
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub(crate) busy_poll: Option<Duration>,
    /// How long busy calls may go on after Ctrl-C or SIGTERM
    #[arg(long, value_name = "DUR", default_value = "2s", value_parser = duration,
        env = "LANDLINE_GRACE")]
    pub(crate) grace: Duration,
    /// Allow other machines in: the wire is neither encrypted nor authenticated
    #[arg(long)]
    pub(crate) insecure: bool,

    /// For echo: ASCII letters come back as capitals
    #[arg(long)]
    pub(crate) upper: bool,
    /// For echo: follows each reply
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) suffix: Option<OsString>,
    /// For exec: a command with more output is ended [default: 1 GiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) output_max: Option<u64>,
    /// For files: the folder served [default: this folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// For relay: nobody gets back what it sent
    #[arg(long)]
    pub(crate) no_self: bool,
    /// For relay: a member that is silent this long leaves [default: 10m]
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub(crate) expire: Option<Duration>,
    /// For relay: how many may be in [default: 1024]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) members: Option<u32>,
    /// For relay: datagrams a second from each source [default: any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,
    /// For relay: only sources in this network; may be given again
    #[arg(long, value_name = "CIDR")]
    pub(crate) allow: Vec<IpNet>,

    /// The options that were not typed: a config file and a variable speak for all services, and what
    /// they say for others is no mistake of who listens with this one.
    #[arg(skip)]
    untyped: Vec<String>,
}

/// A service of the tutorial's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceName {
    /// One read, a fixed answer, hang up
    Answer,
    /// Each read comes back
    Echo,
    /// Each read is a command line
    Exec,
    /// Each read is the name of a file
    Files,
    /// Each datagram goes to all who ever sent one
    Relay,
    /// Show what arrives: text, other bytes as escapes, a backslash as two
    Print,
}

impl ServiceName {
    /// The name as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Echo => "echo",
            Self::Exec => "exec",
            Self::Files => "files",
            Self::Relay => "relay",
            Self::Print => "print",
        }
    }
}

impl ListenArguments {
    /// The options given that belong to services other than the one asked for, by name.
    pub(crate) fn misplaced(&self) -> Option<&'static str> {
        use ServiceName::{Answer, Echo, Exec, Files, Relay};
        let given = [
            (self.text.is_some(), Answer, "TEXT"),
            (self.upper, Echo, "--upper"),
            (self.suffix.is_some(), Echo, "--suffix"),
            (self.output_max.is_some(), Exec, "--output-max"),
            (self.root.is_some(), Files, "--root"),
            (self.no_self, Relay, "--no-self"),
            (self.expire.is_some(), Relay, "--expire"),
            (self.members.is_some(), Relay, "--members"),
            (self.rate.is_some(), Relay, "--rate"),
            (!self.allow.is_empty(), Relay, "--allow"),
        ];
        let wrong = given.iter().find(|(given, service, name)| {
            *given && *service != self.service && !self.untyped.iter().any(|it| it == name)
        });
        wrong.map(|(_, _, name)| *name)
    }

    /// Takes note of the options in `matches` that were not typed.
    pub(super) fn note_untyped(&mut self, matches: &ArgMatches) {
        let ids = matches.ids().map(clap::Id::as_str);
        let untyped = ids.filter(|id| matches.value_source(id) != Some(ValueSource::CommandLine));
        let options = untyped.map(|id| format!("--{}", id.replace('_', "-")));
        self.untyped = options.collect();
    }

    /// The read size as a count.
    pub(crate) fn recv_bytes(&self) -> usize {
        usize::try_from(self.recv).expect("RECV_BYTES_MAX fits a usize")
    }
}
