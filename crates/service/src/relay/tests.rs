//! What members of a relay get, from batches in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::advance;

use super::*;
use crate::journal::Kept;
use crate::post_memory::{Incoming, MemoryBatch, MemoryPost};

/// A relay without its socket: what arrives is given to it batch by batch.
struct Tried<'a> {
    room: Room<'a, u8>,
    post: MemoryPost,
}

impl<'a> Tried<'a> {
    fn new(relay: &'a Relay) -> Self {
        Self {
            room: Room::new(relay),
            post: MemoryPost::default(),
        }
    }

    async fn batch(&mut self, messages: Vec<Incoming>) {
        let mut batch = MemoryBatch::default();
        batch.messages = messages;
        self.room.pass_on(&mut self.post, &batch).await;
    }

    /// A batch of whole datagrams.
    async fn say(&mut self, messages: &[(u8, &str)]) {
        let whole = |&(sender, text): &(u8, &str)| (Some(sender), text.into(), None);
        self.batch(messages.iter().map(whole).collect()).await;
    }

    fn check(&self, member: u8, expected: &[&str]) {
        let got = self.post.delivered(member);
        let texts: Vec<_> = got
            .iter()
            .map(|bytes| String::from_utf8_lossy(bytes))
            .collect();
        assert_eq!(texts, expected, "member {member}");
    }
}

fn relay() -> (Relay, Arc<Kept>) {
    let journal = Arc::new(Kept::default());
    let settings = Settings {
        journal: journal.clone(),
        ..Settings::default()
    };
    (Relay::new(settings), journal)
}

/// The keys of the notices but for the details about joining.
fn told(journal: &Kept) -> Vec<&'static str> {
    let mut keys = journal.keys();
    keys.retain(|key| *key != "relay-joined");
    keys
}

#[tokio::test]
async fn who_joins_within_a_batch_gets_what_follows_and_its_own_first() {
    let (relay, _) = relay();
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (2, "b"), (1, "c"), (3, "d")]).await;
    tried.check(1, &["a", "b", "c", "d"]);
    tried.check(2, &["b", "c", "d"]);
    tried.check(3, &["d"]);
    assert_eq!(tried.post.sends(), 3, "each got its whole run in one send");
    tried.say(&[(2, "e")]).await;
    for member in 1..=3 {
        tried.check(member, &["e"]);
    }
}

#[tokio::test]
async fn without_self_nobody_hears_itself() {
    let (mut relay, _) = relay();
    relay.no_self = true;
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a")]).await;
    assert_eq!(tried.post.sends(), 0, "nobody else is there");
    tried
        .say(&[(1, "b"), (2, "c"), (1, "d"), (3, "e"), (2, "f")])
        .await;
    tried.check(1, &["c", "e", "f"]);
    tried.check(2, &["d", "e"]);
    tried.check(3, &["f"]);
}

#[tokio::test]
async fn empty_and_nameless_datagrams_are_relayed() {
    let (relay, _) = relay();
    let mut tried = Tried::new(&relay);
    let nameless = (None, b"nameless".to_vec(), None);
    tried.batch(vec![nameless.clone()]).await;
    tried.say(&[(1, "")]).await;
    tried.batch(vec![nameless]).await;
    tried.check(1, &["", "nameless"]);
}

#[tokio::test]
async fn a_cut_datagram_is_told_each_time() {
    let (relay, journal) = relay();
    let mut tried = Tried::new(&relay);
    let cut = (Some(1), b"hello worl".to_vec(), Some(11));
    tried.batch(vec![cut.clone(), cut]).await;
    tried.check(1, &["hello worl", "hello worl"]);
    assert_eq!(told(&journal), ["datagram-cut", "datagram-cut"]);
}

#[tokio::test(start_paused = true)]
async fn who_is_silent_leaves() {
    let (mut relay, journal) = relay();
    relay.expire = Duration::from_secs(600);
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (2, "b")]).await;
    advance(Duration::from_secs(599)).await;
    tried.say(&[(1, "c")]).await;
    tried.check(2, &["b", "c"]);
    advance(Duration::from_secs(1)).await;
    tried.say(&[(1, "d")]).await;
    tried.check(2, &[]);
    tried.check(1, &["a", "b", "c", "d"]);
    assert_eq!(told(&journal), ["relay-expired"]);
    advance(Duration::from_secs(600)).await;
    tried.say(&[(2, "e")]).await;
    tried.check(1, &[]);
    tried.check(2, &["e"]);
}

#[tokio::test(start_paused = true)]
async fn a_full_room_refuses_and_tells_now_and_then() {
    let (mut relay, journal) = relay();
    relay.members_max = 2;
    relay.expire = Duration::from_secs(60);
    let mut tried = Tried::new(&relay);
    tried
        .say(&[(1, "a"), (2, "b"), (3, "c"), (4, "d"), (3, "e"), (1, "f")])
        .await;
    tried.check(1, &["a", "b", "f"]);
    tried.check(3, &[]);
    assert_eq!(told(&journal), ["relay-full"], "one for three datagrams");
    advance(crate::TALLY_PAUSE).await;
    tried.room.retry(&mut tried.post).await;
    assert_eq!(told(&journal), ["relay-full"; 2], "the others are counted");
    assert_eq!(tried.room.due(), None);
    advance(Duration::from_secs(60)).await;
    tried.say(&[(3, "g")]).await;
    tried.check(3, &["g"]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_too_fast_is_held_to_its_rate() {
    let (mut relay, journal) = relay();
    relay.rate = Some(2);
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (1, "b"), (1, "c"), (2, "d")]).await;
    tried.check(1, &["a", "b", "d"]);
    assert_eq!(told(&journal), ["relay-too-fast"]);
    advance(Duration::from_millis(500)).await;
    tried.say(&[(1, "e"), (1, "f")]).await;
    tried.check(1, &["e"]);
    let nameless = (None, b"n".to_vec(), None);
    tried.batch(vec![nameless; 5]).await;
    tried.check(1, &["n", "n"]);
}

#[tokio::test]
async fn only_allowed_networks_get_in() {
    let (mut relay, journal) = relay();
    relay.allow = Some(vec!["10.0.0.0/29".parse().unwrap()]);
    let mut tried = Tried::new(&relay);
    tried
        .say(&[(7, "in"), (8, "out"), (8, "out"), (200, "no address")])
        .await;
    tried.check(7, &["in", "no address"]);
    tried.check(8, &[]);
    tried.check(200, &["no address"]);
    assert_eq!(told(&journal), ["relay-not-allowed"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_member_keeps_its_order_and_holds_up_nobody() {
    let (relay, _) = relay();
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (2, "b")]).await;
    tried.post.leave_room(2, 1);
    tried.say(&[(1, "c"), (1, "d")]).await;
    tried.say(&[(1, "e")]).await;
    tried.check(1, &["a", "b", "c", "d", "e"]);
    tried.check(2, &["b", "c"]);
    // Newer messages come behind older ones even when there is room before the timer is due.
    tried.post.leave_room(2, 2);
    tried.say(&[(1, "f")]).await;
    tried.check(2, &["d", "e"]);
    assert!(tried.room.due().is_some());
    tried.post.leave_room(2, 9);
    tried.room.retry(&mut tried.post).await;
    tried.check(2, &["f"]);
    assert_eq!(tried.room.due(), None, "nothing is kept any more");
}

#[tokio::test(start_paused = true)]
async fn a_backlog_has_a_bound_and_its_overflow_is_counted() {
    let (relay, journal) = relay();
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (2, "b")]).await;
    tried.post.leave_room(2, 0);
    let long = vec![b'x'; 1024];
    let batch = vec![(Some(1), long, None); 64];
    for _ in 0..8 {
        tried.batch(batch.clone()).await;
    }
    assert_eq!(tried.post.delivered(1).len(), 2 + 8 * 64);
    assert_eq!(told(&journal), ["datagram-dropped"]);
    tried.post.delivered(2);
    tried.post.leave_room(2, 1000);
    tried.room.retry(&mut tried.post).await;
    let kept = tried.post.delivered(2).len();
    assert_eq!(kept, crate::BACKLOG_BYTES_MAX / (1024 + 64));
}

#[tokio::test]
async fn who_is_gone_leaves_and_may_come_back() {
    let (relay, journal) = relay();
    let mut tried = Tried::new(&relay);
    tried.say(&[(1, "a"), (2, "b"), (3, "c")]).await;
    tried.post.die(1);
    tried.say(&[(2, "d")]).await;
    assert_eq!(told(&journal), ["relay-left"]);
    tried.say(&[(3, "e"), (2, "f")]).await;
    tried.check(2, &["b", "c", "d", "e", "f"]);
    tried.check(3, &["c", "d", "e", "f"]);
}

#[tokio::test]
async fn one_datagram_that_is_refused_takes_no_other_with_it() {
    let (relay, journal) = relay();
    let mut tried = Tried::new(&relay);
    tried.post.refuse(b"b");
    tried.say(&[(1, "a"), (1, "b"), (1, "c"), (1, "b")]).await;
    tried.check(1, &["a", "c"]);
    assert_eq!(told(&journal), ["datagram-refused"]);
}

#[tokio::test]
async fn once_is_one_datagram() {
    let (relay, _) = relay();
    let post = MemoryPost::default();
    post.arrive((Some(1), b"a".to_vec(), None));
    post.arrive((Some(1), b"b".to_vec(), None));
    relay.serve(post.clone(), Stop::new(), true).await.unwrap();
    assert_eq!(post.delivered(1), [b"a"]);
}

#[tokio::test(start_paused = true)]
async fn a_relay_serves_retries_and_stops() {
    let (relay, _) = relay();
    let (post, stop) = (MemoryPost::default(), Stop::new());
    let serving = relay.serve(post.clone(), stop.clone(), false);
    post.arrive((Some(1), b"a".to_vec(), None));
    post.leave_room(1, 0);
    let peer = async {
        // sleeps: the clock is the test's own, and this lets it go on.
        tokio::time::sleep(Duration::from_secs(1)).await;
        post.leave_room(1, 1);
        // sleeps: as above.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(post.delivered(1), [b"a"]);
        stop.cancel();
    };
    let (served, ()) = tokio::join!(serving, peer);
    served.unwrap();
}

/// Someone says a byte.
type Step = (Option<u8>, u8);

#[derive(Debug, Clone)]
struct Rules {
    no_self: bool,
    members_max: usize,
    rate: Option<u32>,
}

/// What each member gets when datagrams are handled one by one, written as plainly as possible.
fn one_by_one(rules: &Rules, batches: &[(u64, Vec<Step>)]) -> BTreeMap<u8, Vec<Vec<u8>>> {
    let mut delivered: BTreeMap<u8, Vec<Vec<u8>>> = BTreeMap::new();
    let mut heard: BTreeMap<u8, u64> = BTreeMap::new();
    let mut buckets: BTreeMap<Option<u8>, f64> = BTreeMap::new();
    let mut filled_at: BTreeMap<Option<u8>, u64> = BTreeMap::new();
    let mut now = 0;
    for (pause, steps) in batches {
        now += pause;
        for &(sender, byte) in steps {
            heard.retain(|_, at| now - *at < EXPIRE_SECONDS);
            buckets.retain(|member, _| member.is_none_or(|member| heard.contains_key(&member)));
            if let Some(sender) = sender {
                if !heard.contains_key(&sender) && heard.len() >= rules.members_max {
                    continue;
                }
                heard.insert(sender, now);
            }
            if let Some(rate) = rules.rate {
                let rate = f64::from(rate);
                let tokens = buckets.entry(sender).or_insert(rate);
                let before = filled_at.insert(sender, now).unwrap_or(now);
                *tokens = rate.min(*tokens + (now - before) as f64 * rate);
                if *tokens < 1.0 {
                    continue;
                }
                *tokens -= 1.0;
            }
            for member in heard.keys() {
                if !(rules.no_self && sender == Some(*member)) {
                    delivered.entry(*member).or_default().push(vec![byte]);
                }
            }
        }
    }
    delivered
}

const EXPIRE_SECONDS: u64 = 60;

fn conversation() -> impl Strategy<Value = Vec<(u64, Vec<Step>)>> {
    let sender = prop_oneof![9 => (0..6u8).prop_map(Some), 1 => Just(None)];
    let step = (sender, any::<u8>());
    let pause = prop_oneof![Just(0u64), 1..3u64, 20..90u64];
    proptest::collection::vec((pause, proptest::collection::vec(step, 1..12)), 1..12)
}

fn rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), 1..7usize, proptest::option::of(1..4u32)).prop_map(
        |(no_self, members_max, rate)| Rules {
            no_self,
            members_max,
            rate,
        },
    )
}

proptest! {
    #[test]
    fn a_batch_gives_what_one_by_one_gives(rules in rules(), batches in conversation()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let delivered = runtime.block_on(async {
            let (mut relay, _) = relay();
            relay.no_self = rules.no_self;
            relay.members_max = rules.members_max;
            relay.rate = rules.rate;
            relay.expire = Duration::from_secs(EXPIRE_SECONDS);
            let mut tried = Tried::new(&relay);
            for (pause, steps) in &batches {
                advance(Duration::from_secs(*pause)).await;
                let message = |&(sender, byte): &Step| (sender, vec![byte], None);
                tried.batch(steps.iter().map(message).collect()).await;
            }
            let got = (0..6).map(|member| (member, tried.post.delivered(member)));
            got.filter(|(_, datagrams)| !datagrams.is_empty()).collect::<BTreeMap<_, _>>()
        });
        prop_assert_eq!(delivered, one_by_one(&rules, &batches));
    }
}
