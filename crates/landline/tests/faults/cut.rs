//! A network whose link is cut in the middle of a file: while it comes back in time nothing is lost, and
//! after that the same command goes on. Only root can make one.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::stand::{
    Network, Process, SERVER, Sharing, Way, check_no_litter, has_groups, long, much,
    network_is_possible, part_bytes, resumed_from, until, write,
};

const SIZE: usize = 16 << 20;

/// When a dead line is noticed at the latest: an idle one is asked after 15 s and given up 30 s later,
/// and a machine may be busy.
const NOTICED_MAX: Duration = Duration::from_secs(75);

/// An office behind a slow link, and the middle of a file on it.
struct Far {
    network: Network,
    stand: Sharing,
    bytes: Vec<u8>,
    way: Way,
}

impl Far {
    fn new(way: Way) -> Self {
        let network = Network::new();
        for number in [1, 2] {
            let slow = "root tbf rate 200mbit burst 64k latency 200ms";
            network
                .router
                .run(&format!("tc qdisc add dev to{number} {slow}"));
        }
        let server = network.server.clone();
        let around = Box::new(move |command| server.within(&command));
        let stand = Sharing::around(&["rw:shared"], &format!("{SERVER}:0"), around);
        let bytes = much(SIZE);
        write(way.from(&stand, "large"), &bytes);
        Self {
            network,
            stand,
            bytes,
            way,
        }
    }

    fn start(&self) -> Process {
        let words = [self.way.verb(), "office", "large", "--json"];
        Process::start(self.network.client.within(&self.stand.landline(&words)))
    }

    /// A transfer of which some has come.
    fn in_the_middle(&self) -> Process {
        let moving = self.start();
        until("groups that count", || {
            has_groups(&self.stand, self.way).then_some(())
        });
        moving
    }

    /// The link comes back, and the same again goes on.
    #[track_caller]
    fn check_goes_on(&self) {
        self.network.heal();
        let again = self.start().finish().well();
        assert!(resumed_from(&again) > 0, "{:?}", self.way);
        self.check_came();
    }

    #[track_caller]
    fn check_came(&self) {
        let arrived = fs::read(self.way.to(&self.stand, "large")).expect("it is there");
        assert!(arrived == self.bytes, "{:?}", self.way);
        check_no_litter(&self.stand, self.way);
    }
}

#[test]
fn a_link_that_comes_back_in_time_costs_nothing() {
    each_way_cut(|far, moving| {
        let way = far.way;
        let still = stands_still(far);
        assert!(still < SIZE as u64, "{way:?}");
        far.network.heal();
        let ended = moving.finish();
        assert_eq!((ended.code, &*ended.err), (0, ""), "{way:?}");
        far.check_came();
    });
}

/// Cuts the link in the middle of a file, each way in turn.
fn each_way_cut(then: impl Fn(&Far, Process)) {
    if !network_is_possible() {
        return;
    }
    for way in Way::BOTH {
        let far = Far::new(way);
        let moving = far.in_the_middle();
        far.network.cut();
        then(&far, moving);
    }
}

/// Waits until nothing comes any more: how much has.
fn stands_still(far: &Far) -> u64 {
    let mut last = (part_bytes(&far.stand, far.way), Instant::now());
    until("a link that is quiet", || {
        let now = part_bytes(&far.stand, far.way);
        if now != last.0 {
            last = (now, Instant::now());
        }
        (last.1.elapsed() > Duration::from_millis(300)).then_some(now)
    })
}

#[test]
fn a_transfer_that_was_ended_while_the_link_was_cut_goes_on() {
    each_way_cut(|far, moving| {
        let way = far.way;
        stands_still(far);
        moving.signal(Signal::INT);
        let ended = moving.finish();
        assert_eq!(ended.code, 130, "{way:?}: {}", ended.err);
        far.check_goes_on();
    });
}

/// It takes the kernel 30 to 45 s to know.
#[test]
fn a_link_that_stays_cut_ends_it_and_it_goes_on() {
    if !long() {
        return;
    }
    each_way_cut(|far, moving| {
        let way = far.way;
        let cut = Instant::now();
        assert!(moving.ends_within(NOTICED_MAX), "{way:?}");
        let ended = moving.finish();
        assert_eq!(ended.code, 255, "{way:?}: {}", ended.err);
        assert!(
            ended.err.contains("goes on where it stopped"),
            "{}",
            ended.err
        );
        assert!(cut.elapsed() < NOTICED_MAX, "{way:?}");
        far.check_goes_on();
    });
}
