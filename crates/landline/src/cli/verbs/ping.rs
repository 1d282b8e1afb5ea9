//! `ping HOST`: round trips on a line that stands, and how long they took.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::secure;
use crate::cli::arguments::PingArguments;
use crate::cli::ending::Ending;
use crate::cli::printed::{print_line, print_object};
use crate::cli::ui::{JSON_VERSION, Ui};

/// Measures, then prints one line.
pub(crate) async fn run(arguments: PingArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let host = &arguments.host;
    let mut line = secure::dial(host).await?;
    let place = line.place().to_owned();
    let mut times = Vec::new();
    for _ in 0..arguments.count {
        times.push(secure::soon(host, line.ping()).await?);
    }
    line.close().await;
    times.sort_unstable();
    let times = Times {
        min: times[0],
        median: quantile(&times, 0.5),
        p99: quantile(&times, 0.99),
    };
    let count = arguments.count;
    if ui.json() {
        print_object(&json!({
            "v": JSON_VERSION, "event": "ping", "host": host, "address": place, "count": count,
            "min_us": micros(times.min), "median_us": micros(times.median), "p99_us": micros(times.p99),
        }))?;
    } else {
        let values = [
            ("host", host.clone()),
            ("address", place),
            ("count", count.to_string()),
            ("min", millis(times.min)),
            ("median", millis(times.median)),
            ("p99", millis(times.p99)),
        ];
        print_line(ui.sentence("ping-times", &values))?;
    }
    Ok(ExitCode::SUCCESS)
}

struct Times {
    min: Duration,
    median: Duration,
    p99: Duration,
}

/// The smallest of `sorted` that so large a part of them does not exceed.
fn quantile(sorted: &[Duration], part: f64) -> Duration {
    let rank = (sorted.len() as f64 * part).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}

fn millis(time: Duration) -> String {
    format!("{:.3}", micros(time) / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_times() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 0.5), Duration::from_millis(100));
        assert_eq!(quantile(&times, 0.99), Duration::from_millis(198));
        assert_eq!(quantile(&times[..1], 0.99), Duration::from_millis(1));
    }
}
