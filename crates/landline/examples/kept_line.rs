//! One line, kept for command after command: `kept_line HOST SECONDS PROGRAM ARG...` runs the program
//! there again and again and prints how long it takes each time, as one JSON object.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::{Duration, Instant};

use landline::trust::Home;
use landline::{ExecRequest, ExecStatus, Line, dial};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let (Some(host), Some(seconds)) = (words.next(), words.next()) else {
        return Err("kept_line HOST SECONDS PROGRAM ARG...".into());
    };
    let seconds = seconds.to_string_lossy().parse()?;
    let request = ExecRequest::new(words);
    let mut line = dial(&Home::from_environment()?, &host.to_string_lossy()).await?;
    run(&mut line, &request).await?; // to warm up
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < Duration::from_secs_f64(seconds) || times.is_empty() {
        let before = Instant::now();
        run(&mut line, &request).await?;
        times.push(before.elapsed());
    }
    println!("{}", summary(start.elapsed(), &mut times));
    line.close().await;
    Ok(())
}

/// Runs it once; its output is taken, and it must end well.
async fn run(line: &mut Line, request: &ExecRequest) -> Result<(), Box<dyn Error>> {
    match line.run(request, "").await?.done.status {
        ExecStatus::Exit(0) => Ok(()),
        ended => Err(format!("it ended with {ended:?}").into()),
    }
}

fn summary(whole: Duration, times: &mut [Duration]) -> String {
    times.sort_unstable();
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let part = |part: usize| us(times[(times.len() * part / 100).min(times.len() - 1)]);
    serde_json::json!({
        "commands": times.len(),
        "seconds": whole.as_secs_f64(),
        "mean_us": us(whole) / times.len() as f64,
        "p50_us": part(50),
        "p99_us": part(99),
    })
    .to_string()
}
