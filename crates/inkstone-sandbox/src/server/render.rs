//! Draws pictures, so many at once.

use std::fmt::Display;

use tokio::task::spawn_blocking;

use crate::documents::api_error::ApiError;
use crate::pictures::picture::Picture;
use crate::server::state::State;

/// A picture of so many pixels is drawn sooner than another thread begins to.
const FEW: u32 = 4096;

/// The file of a picture, drawn as soon as there is a permit for it.
pub async fn png(state: &State, picture: Picture) -> Result<Vec<u8>, ApiError> {
    if picture.width.saturating_mul(picture.height) <= FEW {
        return picture.png().map_err(|error| failed(&error));
    }
    let _permit = state.render_permits.acquire().await;
    match spawn_blocking(move || picture.png()).await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &dyn Display) -> ApiError {
    ApiError::sandbox(format!("the picture can't be drawn: {error}"))
}
