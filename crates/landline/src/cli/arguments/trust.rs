//! `trust`: what may be typed.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::duration;

const EXAMPLES: &str = "\
Examples:
  landline trust                       whom this machine knows, who may do what
  landline trust invite                a ticket for another machine
  landline trust grant laptop exec files:rw:inbox
  landline trust revoke laptop
  landline trust rename laptop desk
";

const LIST_EXAMPLES: &str = "\
Examples:
  landline trust list
  landline trust list --json
";

const INVITE_EXAMPLES: &str = "\
Examples:
  landline trust invite                            for echo, and to read what is served
  landline trust invite --grant exec --for 10m
  landline trust invite --grant echo files:ro:/srv --address office.example:5263
";

const CODE_EXAMPLES: &str = "\
Examples:
  landline trust code --grant echo                 not yet
";

const GRANT_EXAMPLES: &str = "\
Examples:
  landline trust grant laptop echo files:ro:.
  landline trust grant laptop 'exec:[\"/bin/df\",\"-h\"]'
  landline trust grant 6e3a0a12 service:weather
";

const REVOKE_EXAMPLES: &str = "\
Examples:
  landline trust revoke laptop
  landline trust revoke 6e3a0a12
";

const RENAME_EXAMPLES: &str = "\
Examples:
  landline trust rename laptop desk
";

/// Say who may do what here.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct TrustArguments {
    /// Without it: list
    #[command(subcommand)]
    pub(crate) act: Option<TrustAct>,
}

/// What is done about trust.
#[derive(Debug, Subcommand)]
pub(crate) enum TrustAct {
    /// Show peers and what they may do, the machines of the address book, and invites that wait
    #[command(before_help = LIST_EXAMPLES)]
    List,
    /// Print a ticket: one line, good for one machine, once
    #[command(before_help = INVITE_EXAMPLES)]
    Invite(InviteArguments),
    /// Show a short code, good for two minutes
    #[command(before_help = CODE_EXAMPLES)]
    Code {
        /// What whoever uses it may do
        #[arg(long, value_name = "CAPABILITY", num_args = 1..)]
        grant: Vec<String>,
    },
    /// Let a peer do more
    #[command(before_help = GRANT_EXAMPLES)]
    Grant {
        /// Its name, its words, its key or at least 8 digits of it
        peer: String,
        /// echo, exec, exec:["PROGRAM","ARG"], files:ro:DIR, files:rw:DIR, files:wo:DIR, service:NAME
        #[arg(required = true, value_name = "CAPABILITY")]
        capabilities: Vec<String>,
    },
    /// Take everything from a peer, and hang up on it
    #[command(before_help = REVOKE_EXAMPLES)]
    Revoke {
        /// Its name, its words, its key or at least 8 digits of it
        peer: String,
    },
    /// Call a peer something else, or a machine that is in the address book only
    #[command(before_help = RENAME_EXAMPLES)]
    Rename {
        /// Its name, its words, its key or at least 8 digits of it
        peer: String,
        /// The new name
        name: String,
    },
}

/// What an invite is to say.
#[derive(Debug, Args)]
pub(crate) struct InviteArguments {
    /// What whoever uses the ticket may do: echo, exec, exec:["PROGRAM","ARG"], files:ro:DIR,
    /// files:rw:DIR, files:wo:DIR, service:NAME [default: echo, and files:ro of what the server serves]
    #[arg(long, value_name = "CAPABILITY", num_args = 1..)]
    pub(crate) grant: Vec<String>,
    /// How long the ticket is taken, at most 30 days
    #[arg(long = "for", value_name = "DUR", default_value = "1h", value_parser = duration,
        env = "LANDLINE_FOR")]
    pub(crate) lifetime: Duration,
    /// Where others reach this machine; may be given again [default: as the running server says]
    #[arg(
        long,
        value_name = "ADDR",
        env = "LANDLINE_ADDRESS",
        value_delimiter = ','
    )]
    pub(crate) address: Vec<String>,
}
