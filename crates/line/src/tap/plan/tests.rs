//! What a plan makes of reads: each move by itself, and all of them under any schedule.

use proptest::prelude::*;

use super::*;
use crate::tap::moves::{GAP, Move};

const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// Runs `reads`, each at its time, through a plan; gives the writes with their times and how it
/// ended. The reader takes `short` bytes at a time at most.
fn run(moves: &Moves, reads: &[(u64, &[u8])], short: usize) -> (Vec<(Duration, Vec<u8>)>, Step) {
    let mut plan = Plan::new(moves, Lot::new(3));
    let mut reads: VecDeque<_> = reads.iter().map(|&(at, bytes)| (ms(at), bytes)).collect();
    let (mut now, mut writes) = (Duration::ZERO, Vec::new());
    loop {
        while let Some((at, bytes)) = reads.front_mut() {
            let room = plan.room();
            if *at > now || room == 0 {
                break;
            }
            let (read, later) = bytes.split_at(bytes.len().min(room));
            plan.handle_bytes(read, now);
            *bytes = later;
            if later.is_empty() {
                reads.pop_front();
            }
        }
        if reads.is_empty() && plan.end.is_none() {
            plan.handle_end(now);
        }
        let next_read = reads.front().map(|(at, _)| *at).filter(|at| *at > now);
        match plan.poll(now) {
            Step::Write(count) => {
                let count = count.min(short);
                writes.push((now, plan.bytes(count).to_vec()));
                plan.handle_written(count, now);
            }
            Step::Wait(until) => now = next_read.map_or(until, |at| at.min(until)),
            Step::Idle => now = next_read.expect("a plan is idle only while more is to come"),
            last => return (writes, last),
        }
    }
}

#[track_caller]
fn check(moves: impl IntoIterator<Item = Move>, reads: &[(u64, &[u8])], expected: &[(u64, &str)]) {
    let (writes, _) = run(&Moves::new(moves), reads, usize::MAX);
    let writes: Vec<_> = writes
        .iter()
        .map(|(at, bytes)| (at.as_millis() as u64, std::str::from_utf8(bytes).unwrap()))
        .collect();
    assert_eq!(writes, expected);
}

#[test]
fn without_moves_a_read_is_a_write() {
    check(
        [],
        &[(0, b"ab"), (0, b"c"), (5, b"d")],
        &[(0, "ab"), (0, "c"), (5, "d")],
    );
}

#[test]
fn a_write_leaves_in_pieces() {
    let split = Move::Split { bytes: 2, gap: GAP };
    check(
        [split],
        &[(0, b"abcde"), (0, b"f"), (9, b"g")],
        &[(0, "ab"), (1, "cd"), (2, "e"), (3, "f"), (9, "g")],
    );
}

#[test]
fn an_edge_is_made_where_it_was_asked_for() {
    let at = |at| Move::SplitAt { at, gap: ms(5) };
    check(
        [at(3)],
        &[(0, b"abcde"), (0, b"f")],
        &[(0, "abc"), (5, "de"), (5, "f")],
    );
    // An edge that is there already keeps its gap.
    check([at(2)], &[(0, b"ab"), (0, b"c")], &[(0, "ab"), (5, "c")]);
    check(
        [at(1), at(2)],
        &[(0, b"abc")],
        &[(0, "a"), (5, "b"), (10, "c")],
    );
}

#[test]
fn neighbours_join() {
    let join = Move::Join { time: ms(10) };
    check(
        [join],
        &[(0, b"a"), (9, b"b"), (10, b"c"), (30, b"d")],
        &[(10, "ab"), (20, "c"), (30, "d")],
    );
    // The last one goes as soon as nothing can follow it.
    let join_at = |at| Move::JoinAt { at, wait: ms(10) };
    check(
        [join_at(1)],
        &[(0, b"a"), (3, b"b"), (4, b"c")],
        &[(3, "ab"), (4, "c")],
    );
    check(
        [join_at(1)],
        &[(0, b"a"), (30, b"b")],
        &[(10, "a"), (30, "b")],
    );
    check(
        [join_at(1), join_at(2)],
        &[(0, b"a"), (3, b"b"), (4, b"c")],
        &[(4, "abc")],
    );
}

#[test]
fn time_is_added_and_order_stays() {
    check(
        [Move::Delay(ms(7))],
        &[(0, b"a"), (1, b"b")],
        &[(7, "a"), (8, "b")],
    );
    let reads: Vec<(u64, &[u8])> = (0..50).map(|at| (at, &b"x"[..])).collect();
    let (writes, _) = run(&Moves::new([Move::Jitter(ms(20))]), &reads, usize::MAX);
    assert!(writes.is_sorted_by_key(|(at, _)| *at));
    assert!(
        writes
            .iter()
            .any(|(at, _)| at.subsec_nanos() % 1_000_000 != 0)
    );
}

#[test]
fn a_rate_spreads_what_passes_and_makes_no_edges() {
    let rate = Move::Rate(1000);
    check(
        [rate],
        &[(0, &[b'a'; 10]), (0, b"b")],
        &[(10, "aaaaaaaaaa"), (11, "b")],
    );
    check([rate], &[(0, b"a"), (50, b"b")], &[(1, "a"), (51, "b")]);
}

#[test]
fn timers_that_are_late_take_nothing_from_a_rate() {
    const RATE: u64 = 1_000_000_000;
    let mut plan = Plan::new(&Moves::new([Move::Rate(RATE)]), Lot::new(1));
    let (mut now, mut written) = (Duration::ZERO, 0);
    let bytes = vec![0; HELD_BYTES_MAX];
    let end = Duration::from_millis(200);
    while now < end {
        plan.handle_bytes(&bytes[..plan.room()], now);
        match plan.poll(now) {
            Step::Write(count) => {
                plan.handle_written(count, now);
                written += count as u64;
            }
            // The next whole millisecond but one.
            Step::Wait(until) => now = Duration::from_millis(until.as_millis() as u64 + 2),
            other => panic!("{other:?}"),
        }
    }
    let expected = RATE / 5;
    assert!(written >= expected / 10 * 9, "{written}");
    assert!(written <= expected + RATE / 100, "{written}");
}

#[test]
fn a_direction_ends_where_a_move_says() {
    let reads: &[(u64, &[u8])] = &[(0, b"abc"), (1, b"def")];
    for (one, kind) in [
        (Move::Cut(4), StopKind::Cut),
        (Move::Reset(4), StopKind::Reset),
        (Move::Stall(4), StopKind::Stall),
    ] {
        let (writes, last) = run(&Moves::new([one]), reads, usize::MAX);
        let bytes: Vec<u8> = writes.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!((bytes.as_slice(), last), (&b"abcd"[..], Step::Stop(kind)));
    }
    let (writes, last) = run(&Moves::new([Move::Cut(0)]), reads, usize::MAX);
    assert_eq!((writes.len(), last), (0, Step::Stop(StopKind::Cut)));
}

#[test]
fn what_comes_behind_a_cut_is_swallowed_and_counted() {
    let mut plan = Plan::new(&Moves::new([Move::Cut(2)]), Lot::new(0));
    plan.handle_bytes(b"abc", Duration::ZERO);
    plan.handle_bytes(b"def", Duration::ZERO);
    assert_eq!((plan.held_bytes(), plan.swallowed()), (2, 4));
    assert!(plan.room() > 0, "its sender is not held up");
}

#[test]
fn a_reset_comes_after_what_came_before_it() {
    let mut plan = Plan::new(&Moves::new([Move::Delay(ms(5))]), Lot::new(0));
    plan.handle_bytes(b"last words", Duration::ZERO);
    plan.handle_reset(ms(1));
    assert_eq!(plan.poll(ms(1)), Step::Wait(ms(5)));
    assert_eq!(plan.poll(ms(5)), Step::Write(10));
    plan.handle_written(10, ms(5));
    assert_eq!(plan.poll(ms(5)), Step::Wait(ms(6)));
    assert_eq!(plan.poll(ms(6)), Step::Broken);
}

#[test]
fn a_join_gives_way_where_there_is_no_room() {
    let mut plan = Plan::new(&Moves::new([Move::Join { time: ms(1000) }]), Lot::new(0));
    plan.handle_bytes(&vec![1; HELD_BYTES_MAX], Duration::ZERO);
    assert_eq!(plan.room(), 0);
    assert_eq!(plan.poll(Duration::ZERO), Step::Write(HELD_BYTES_MAX));
}

#[test]
fn bytes_come_in_the_pieces_that_a_test_asked_for() {
    let split_at = Moves::new([Move::SplitAt { at: 2, gap: GAP }]);
    assert_eq!(pieces(b"abc", &split_at, 0), [&b"ab"[..], b"c"]);
    assert_eq!(pieces(b"", &split_at, 0), Vec::<Vec<u8>>::new());
    let long = vec![7; 3 * HELD_BYTES_MAX + 1];
    assert_eq!(pieces(&long, &split_at, 0).concat(), long);
}

fn any_move() -> impl Strategy<Value = Move> {
    let time = || (0..30_000u64).prop_map(Duration::from_micros);
    prop_oneof![
        (1..9u32, time()).prop_map(|(bytes, gap)| Move::Split { bytes, gap }),
        (1..400u64, time()).prop_map(|(at, gap)| Move::SplitAt { at, gap }),
        time().prop_map(|time| Move::Join { time }),
        (1..400u64, time()).prop_map(|(at, wait)| Move::JoinAt { at, wait }),
        time().prop_map(Move::Delay),
        time().prop_map(Move::Jitter),
        (1..100_000u64).prop_map(Move::Rate),
        (0..600u64).prop_map(Move::Cut),
        (0..600u64).prop_map(Move::Reset),
        (0..600u64).prop_map(Move::Stall),
    ]
}

proptest! {
    #[test]
    fn no_byte_is_lost_doubled_or_reordered(
        moves in proptest::collection::vec(any_move(), 0..6),
        reads in proptest::collection::vec((0..40u64, 1..60usize), 0..30),
        short in 1..100usize,
    ) {
        let moves = Moves::new(moves);
        let (mut at, mut next) = (0, 0u32);
        let reads: Vec<(u64, Vec<u8>)> = reads
            .into_iter()
            .map(|(later, count)| {
                at += later;
                (at, (0..count).map(|_| { next += 1; next as u8 }).collect())
            })
            .collect();
        let slices: Vec<_> = reads.iter().map(|(at, bytes)| (*at, bytes.as_slice())).collect();
        let (writes, last) = run(&moves, &slices, short);
        let rules = Rules::new(&moves);
        let all: Vec<u8> = reads.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let stop = rules.stop.map(|(at, _)| at as usize).filter(|at| *at <= all.len());
        let passed: Vec<u8> = writes.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        prop_assert_eq!(&passed, &all[..stop.unwrap_or(all.len())]);
        match (stop, rules.stop) {
            (Some(_), Some((_, kind))) => prop_assert_eq!(last, Step::Stop(kind)),
            _ => prop_assert_eq!(last, Step::End),
        }
        prop_assert!(writes.is_sorted_by_key(|(at, _)| *at));
        let mut offset = 0u64;
        for (_, bytes) in &writes {
            let end = offset + bytes.len() as u64;
            prop_assert!(rules.split.is_none_or(|(most, _)| bytes.len() as u64 <= most));
            prop_assert!(rules.split_at.range(offset + 1..end).next().is_none());
            offset = end;
        }
    }
}

#[test]
fn no_time_is_too_long_for_a_clock() {
    const EVER: Duration = Duration::MAX;
    let moves = [
        Move::Delay(EVER),
        Move::Jitter(EVER),
        Move::Join { time: EVER },
        Move::JoinAt { at: 1, wait: EVER },
        Move::SplitAt { at: 2, gap: EVER },
        Move::Split {
            bytes: 1,
            gap: EVER,
        },
    ];
    for one in moves {
        let (writes, last) = run(&Moves::new([one]), &[(1, b"abcd"), (5, b"e")], usize::MAX);
        let all: Vec<u8> = writes.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!((&all[..], last), (&b"abcde"[..], Step::End), "{one:?}");
    }
}
