//! How long a store is waited for that can't be reached.

use std::cell::Cell;
use std::time::Duration;

use inkstone_fleet::StoreError;

use crate::batch::fleet::counters::count;

/// How often it is asked.
const ATTEMPTS: u32 = 8;

/// The first pause; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks a store again that can't be reached, for a while; counts how often.
pub async fn insist<T>(
    retries: &Cell<u64>,
    work: impl AsyncFn() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut pause = PAUSE;
    for _ in 1..ATTEMPTS {
        match work().await {
            Err(error) if error.is_transient() => count(retries),
            done => return done,
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    work().await
}
