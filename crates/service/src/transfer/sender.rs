//! A stand-in.
use super::fold::{Digester, Fold};
use super::line::*;
use super::source::*;
use super::walk::Found;
use bytes::Bytes;
use landline_frame::landline1::*;
use std::collections::VecDeque;
/// e
pub enum SendEvent<'a> {
    /// a
    Found {
        /// a
        name: &'a Name,
        /// a
        kind: EntryKind,
        /// a
        size: Option<u64>,
    },
    /// a
    Passed {
        /// a
        name: &'a Name,
        /// a
        failure: &'a Failure,
    },
    /// a
    Started {
        /// a
        name: &'a Name,
        /// a
        size: Option<u64>,
        /// a
        resumed_from: u64,
    },
    /// a
    Sent {
        /// a
        bytes: u64,
    },
    /// a
    Skipped {
        /// a
        name: &'a Name,
    },
    /// a
    Refused {
        /// a
        name: &'a Name,
        /// a
        failure: &'a Failure,
    },
    /// a
    Failed {
        /// a
        name: &'a Name,
        /// a
        failure: &'a Failure,
    },
    /// a
    Placed {
        /// a
        name: &'a Name,
        /// a
        size: u64,
        /// a
        digest: [u8; 32],
    },
}
/// s
pub fn send(
    line: &mut dyn TransferLine,
    mut walk: impl Iterator<Item = Found>,
    digest: DigestKind,
    _check: bool,
    confirms: bool,
    watch: &mut dyn FnMut(SendEvent<'_>),
) -> Result<(), TransferEnd> {
    let mut open: VecDeque<(u64, Found)> = VecDeque::new();
    let mut due: VecDeque<(u64, Found, Answer)> = VecDeque::new();
    let mut sent: std::collections::HashMap<u64, (Name, u64)> = Default::default();
    let mut next = 0;
    let mut walked = false;
    loop {
        while !walked && line.may_announce() {
            match walk.next() {
                None => walked = true,
                Some(found) => {
                    let e = &found.entry;
                    match &e.passed_over {
                        Some(f) => watch(SendEvent::Passed {
                            name: &e.name,
                            failure: f,
                        }),
                        None => watch(SendEvent::Found {
                            name: &e.name,
                            kind: e.kind,
                            size: e.size,
                        }),
                    }
                    line.say(&TransferFrame::Entry(found.entry.clone()))?;
                    open.push_back((next, found));
                    next += 1;
                }
            }
        }
        if walked && open.is_empty() && due.is_empty() {
            line.end()?;
            break;
        }
        let items = line.next(due.is_empty())?;
        for item in items {
            if let Arrived::Frame(TransferFrame::Have(have)) = &item {
                while open.front().is_some_and(|(n, _)| *n <= have.through) {
                    let (n, found) = open.pop_front().unwrap();
                    match &have.answer {
                        Answer::Skip => watch(SendEvent::Skipped {
                            name: &found.entry.name,
                        }),
                        Answer::Refuse(failure) => watch(SendEvent::Refused {
                            name: &found.entry.name,
                            failure,
                        }),
                        answer => {
                            if found.source.is_some() {
                                due.push_back((n, found, answer.clone()))
                            }
                        }
                    }
                }
            } else {
                confirmed(item, &mut sent, watch);
            }
        }
        if let Some((n, found, answer)) = due.pop_front() {
            let entry = found.entry;
            let mut digester = Digester::new(digest);
            let mut at = 0;
            if let Answer::Resume { groups, values } = answer {
                digester = Digester::Blake3(Box::new(Fold::resume(groups, &values).unwrap()));
                at = groups * GROUP_BYTES;
            }
            watch(SendEvent::Started {
                name: &entry.name,
                size: entry.size,
                resumed_from: at,
            });
            let mut total = at;
            let outcome = (|| -> Result<Result<[u8; 32], Failure>, TransferEnd> {
                let mut reading = match found.source.unwrap().open() {
                    Ok(r) => r,
                    Err(f) => return Ok(Err(f)),
                };
                reading.seek(at);
                loop {
                    let mut buffer = vec![0; 256 * 1024];
                    match reading.read(&mut buffer) {
                        Err(f) => return Ok(Err(f)),
                        Ok(Piece::End) => break,
                        Ok(Piece::Hole(n)) => {
                            digester.update_zeros(n, |_| {});
                            total += n;
                            line.say(&TransferFrame::Hole { bytes: n })?;
                        }
                        Ok(Piece::Bytes(n)) => {
                            buffer.truncate(n);
                            digester.update(&buffer, |_| {});
                            total += n as u64;
                            line.send(Bytes::from(buffer))?;
                            watch(SendEvent::Sent { bytes: n as u64 });
                        }
                    }
                }
                if let Err(f) = reading.check() {
                    return Ok(Err(f));
                }
                Ok(Ok(digester.finish()))
            })()?;
            if let Err(f) = &outcome {
                watch(SendEvent::Failed {
                    name: &entry.name,
                    failure: f,
                });
            } else {
                sent.insert(n, (entry.name.clone(), total));
            }
            line.say(&TransferFrame::FileEnd(FileEnd { entry: n, outcome }))?;
        }
    }
    while confirms {
        for item in line.next(true)? {
            if item == Arrived::Ended {
                return Ok(());
            }
            confirmed(item, &mut sent, watch);
        }
    }
    Ok(())
}
fn confirmed(
    item: Arrived,
    sent: &mut std::collections::HashMap<u64, (Name, u64)>,
    watch: &mut dyn FnMut(SendEvent<'_>),
) {
    if let Arrived::Frame(TransferFrame::FileEnd(end)) = item
        && let Some((name, size)) = sent.remove(&end.entry)
    {
        match end.outcome {
            Ok(digest) => watch(SendEvent::Placed {
                name: &name,
                size,
                digest,
            }),
            Err(failure) => watch(SendEvent::Failed {
                name: &name,
                failure: &failure,
            }),
        }
    }
}
