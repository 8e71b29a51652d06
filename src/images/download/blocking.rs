//! Work that waits for the disk or the processor, away from other calls.

use crate::error::Error;
use crate::stage::Stage;

/// Runs what waits for the disk, or decodes a picture.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(Stage::File, "writing was interrupted").caused_by(error))?
}
