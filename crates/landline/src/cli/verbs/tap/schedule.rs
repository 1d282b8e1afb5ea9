//! The moves that were typed as a schedule.

use std::time::{SystemTime, UNIX_EPOCH};

use landline::tap::Schedule;

use crate::cli::arguments::MoveArguments;
use crate::cli::ending::Ending;

/// What was asked for. A seed that was not given is drawn.
pub(super) fn of(arguments: &MoveArguments) -> Result<Schedule, Ending> {
    let mut schedule = Schedule::default();
    for one in arguments.all() {
        one.add_to(&mut schedule, arguments.only);
    }
    if arguments.only.is_some() && arguments.all().all(|one| one.direction.is_some()) {
        return Err(Ending::usage("tap-only-nothing"));
    }
    schedule.seed = match arguments.seed {
        Some(seed) => seed,
        None if schedule.is_random() => another(),
        None => 0,
    };
    Ok(schedule)
}

/// A number of at most six digits, for people to type again.
fn another() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::from(now.unwrap_or_default().subsec_micros())
}
