//! What kind of machine this is, what day, and which versions the peers have. It names no host
//! and no user.

use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::shop::Shop;

/// As in `linux-6.18-2cpu-x86_64`.
pub(super) fn kind() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let short: Vec<&str> = release.trim().split('.').take(2).collect();
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{system}-{}-{}cpu-{machine}", short.join("."), cores())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The model of the processor, as the kernel gives it.
pub(super) fn processor() -> String {
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = about
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    line.map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']))
        .to_owned()
}

/// How busy the machine is before the bench starts: the load of the last minute.
pub(super) fn busy() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// Today in UTC, as in `2026-11-22`.
pub(super) fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(400) || (year.is_multiple_of(4) && !year.is_multiple_of(100))
    };
    let mut year = 1970;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

/// One line for each peer that is here.
pub(super) fn versions(shop: &Shop) -> Vec<String> {
    let asked = [
        ("ncat", "--version"),
        ("socat", "-V"),
        ("nginx", "-v"),
        ("nats-server", "--version"),
        ("redis-server", "--version"),
        ("ssh", "-V"),
        ("rsync", "--version"),
        ("cc", "--version"),
    ];
    let mut lines: Vec<String> = asked
        .iter()
        .filter_map(|(name, word)| first_number(shop.program(name, name).ok()?.as_os_str(), word))
        .collect();
    lines.extend(landline(shop));
    lines.extend(
        shop.python
            .as_ref()
            .and_then(|path| first_number(path.as_os_str(), "--version")),
    );
    lines
}

/// The program that is measured, and its size.
fn landline(shop: &Shop) -> Option<String> {
    let program = shop.landline().ok()?;
    let bytes = fs::metadata(program).ok()?.len();
    let says = first_number(program.as_os_str(), "--version")?;
    Some(format!("{says}, {:.2} MB in release", bytes as f64 / 1e6))
}

/// The first line with a digit in it, of what a program says about itself.
fn first_number(program: &std::ffi::OsStr, word: &str) -> Option<String> {
    let said = Command::new(program).arg(word).output().ok()?;
    let both = [said.stdout, said.stderr].concat();
    let text = String::from_utf8_lossy(&both).into_owned();
    let line = text
        .lines()
        .find(|line| line.contains(|c: char| c.is_ascii_digit()))?;
    Some(line.trim().chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_become_dates() {
        let cases = [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (20_453, (2025, 12, 31)),
            (20_454, (2026, 1, 1)),
        ];
        for (days, date) in cases {
            assert_eq!(super::civil(days), date, "{days}");
        }
    }
}
