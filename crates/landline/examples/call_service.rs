//! Calls a service of another machine's own: `call_service HOST SERVICE TEXT` prints what comes back.

#![allow(clippy::print_stdout)]

use landline::dial;
use landline::trust::Home;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [host, service, text] = &words[..] else {
        return Err("call_service HOST SERVICE TEXT".into());
    };
    let mut line = dial(&Home::from_environment()?, host).await?;
    let call = line.call(service, None).await?;
    let answer = call.exchange(text.clone()).await?;
    println!("{}", String::from_utf8_lossy(&answer));
    line.close().await;
    Ok(())
}
