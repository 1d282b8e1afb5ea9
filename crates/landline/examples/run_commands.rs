//! Runs commands on another machine, one after the other on one line: `run_commands HOST LINE...`.

#![allow(clippy::print_stdout)]

use landline::trust::Home;
use landline::{ExecRequest, dial};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let host = words.next().ok_or("run_commands HOST LINE...")?;
    let mut line = dial(&Home::from_environment()?, &host).await?;
    for text in words {
        let mut request = ExecRequest::new([&text]);
        request.shell = true;
        let output = line.run(&request, "").await?;
        println!("{text}: {:?}", output.done.status);
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
    line.close().await;
    Ok(())
}
