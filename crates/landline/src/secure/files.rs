//! stub
use super::known::{Ended, KnownLine};
use super::offer::SharedFiles;
use super::server::Host;
use crate::session::LineEnded;
use landline_frame::landline1::{Code, Failure, FilesCall};
use landline_trust::Access;
use std::path::PathBuf;
use std::sync::Arc;
pub(super) async fn run(
    _: &KnownLine,
    _: &Host,
    files: &Arc<SharedFiles>,
    _: Vec<(Access, PathBuf)>,
    _: FilesCall,
) -> Result<Ended, LineEnded> {
    Ok(Ended::Failed(Failure::new(
        Code::Unsupported,
        files.folder.display().to_string(),
    )))
}
