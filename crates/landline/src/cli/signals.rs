//! Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends at once.

use landline::service::Stop;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The two stages of a stop.
pub(crate) struct Stages {
    /// Idle lines close, busy calls have their grace.
    pub(crate) stop: Stop,
    /// Everything ends.
    pub(crate) end_now: Stop,
}

/// Watches for both signals from now on.
pub(crate) fn watch() -> std::io::Result<Stages> {
    let stages = Stages {
        stop: Stop::new(),
        end_now: Stop::new(),
    };
    let (stop, end_now) = (stages.stop.clone(), stages.end_now.clone());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        stop.cancel();
        either(&mut terminate, &mut interrupt).await;
        end_now.cancel();
    });
    Ok(stages)
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
