//! The schedules of the soak: each move of streams by itself and in company, in either direction, and
//! others by lot. It knows what is to come of a direction, not how that is seen.

use landline::tap::Lot;

/// The bytes of each direction of a connection, where the moves do not make them slow. All offsets
/// lie within.
const BYTES: u64 = 200_000;

/// The same where there is more time than for one round.
const MORE_BYTES: u64 = 1_000_000;

/// The same without moves: more than the buffers of the kernel take, so that the tap holds some.
const UNMOVED_BYTES: u64 = 8_000_000;

/// The moves of a run, and what they say will come.
pub(super) struct Schedule {
    pub(super) options: Vec<String>,
    /// What is sent in each direction of a connection.
    pub(super) bytes: u64,
    /// What is to come of that: `whole`, `cut:N`, `reset:N` or `stall:N`.
    pub(super) to_server: String,
    pub(super) to_client: String,
}

/// The moves of each, and what comes to the server and to the client.
const FIXED: [(&str, &str, &str); 16] = [
    ("", "whole", "whole"),
    ("--split 7,10us", "whole", "whole"),
    (
        "--split to-client:1000,100us --split to-server:9000,0s",
        "whole",
        "whole",
    ),
    (
        "--split-at 1 --split-at 4000,5ms --split-at to-client:65536",
        "whole",
        "whole",
    ),
    ("--join 3ms --split to-server:1000,100us", "whole", "whole"),
    (
        "--join-at 10000 --join-at to-server:16384,20ms",
        "whole",
        "whole",
    ),
    ("--delay 5ms", "whole", "whole"),
    ("--jitter 4ms --join to-client:2ms", "whole", "whole"),
    ("--rate 1000000 --delay to-server:3ms", "whole", "whole"),
    ("--cut to-server:70001", "cut:70001", "whole"),
    ("--cut to-client:1 --jitter 2ms", "whole", "cut:1"),
    ("--reset to-server:150000", "reset:150000", "whole"),
    (
        "--reset to-client:12345 --split to-client:500,50us",
        "whole",
        "reset:12345",
    ),
    ("--stall to-server:30000", "stall:30000", "whole"),
    (
        "--stall to-client:100001 --rate to-client:2000000",
        "whole",
        "stall:100001",
    ),
    (
        "--split 3000,100us --split-at 77 --join 1ms --join-at 5000 --delay 1ms --jitter 2ms \
         --rate 2000000 --cut to-client:90000 --stall to-server:80000",
        "stall:80000",
        "cut:90000",
    ),
];

impl Schedule {
    /// As many as are fixed, and one by lot.
    pub(super) const ROUND: u64 = FIXED.len() as u64 + 1;

    /// The schedule of a run: the fixed ones in turn, and a new one by lot in each round.
    pub(super) fn of(run: u64) -> (String, Self) {
        let bytes = if run < Self::ROUND { BYTES } else { MORE_BYTES };
        match FIXED.get((run % Self::ROUND) as usize) {
            Some(fixed) => (fixed.0.to_owned(), Self::fixed(*fixed, bytes)),
            None => ("by lot".to_owned(), Self::by_lot(run, bytes)),
        }
    }

    fn fixed((options, to_server, to_client): (&str, &str, &str), bytes: u64) -> Self {
        let bytes = match options {
            "" => UNMOVED_BYTES,
            // What comes in pieces of 7 bytes takes a millisecond for each.
            _ if options.contains("split 7,") => bytes / 100,
            _ => bytes,
        };
        Self {
            options: options.split_whitespace().map(str::to_owned).collect(),
            bytes,
            to_server: to_server.to_owned(),
            to_client: to_client.to_owned(),
        }
    }

    /// Up to four moves of any values, and a stop in some directions.
    fn by_lot(run: u64, bytes: u64) -> Self {
        let mut lot = Lot::new(run);
        let mut drawn = Self {
            options: Vec::new(),
            bytes,
            to_server: String::new(),
            to_client: String::new(),
        };
        for _ in 0..=lot.below(4) {
            drawn.add_move(&mut lot);
        }
        drawn.to_server = drawn.stop("to-server", &mut lot);
        drawn.to_client = drawn.stop("to-client", &mut lot);
        drawn
    }

    fn add_move(&mut self, lot: &mut Lot) {
        let way = ["", "to-server:", "to-client:"][lot.below(3) as usize];
        let mut up_to = |most| 1 + lot.below(most);
        let (option, value) = match up_to(7) {
            1 => {
                let bytes = up_to(5000);
                self.bytes = self.bytes.min(200 * bytes);
                ("--split", format!("{bytes},{}us", up_to(300)))
            }
            2 => ("--split-at", format!("{},{}us", up_to(BYTES), up_to(9000))),
            3 => ("--join", format!("{}us", up_to(5000))),
            4 => ("--join-at", format!("{},{}us", up_to(BYTES), up_to(20_000))),
            5 => ("--delay", format!("{}us", up_to(20_000))),
            6 => ("--jitter", format!("{}us", up_to(20_000))),
            _ => ("--rate", (500_000 + up_to(4_000_000)).to_string()),
        };
        self.options
            .extend([option.to_owned(), way.to_owned() + &value]);
    }

    fn stop(&mut self, way: &str, lot: &mut Lot) -> String {
        let kinds = ["", "", "", "cut", "reset", "stall"];
        let kind = kinds[lot.below(kinds.len() as u64) as usize];
        if kind.is_empty() {
            return "whole".to_owned();
        }
        let at = 1 + lot.below(self.bytes.min(BYTES) - 1);
        self.options
            .extend([format!("--{kind}"), format!("{way}:{at}")]);
        format!("{kind}:{at}")
    }

    /// Whether the family must know resets.
    pub(super) fn needs_tcp(&self) -> bool {
        self.options.iter().any(|it| it == "--reset")
    }
}
