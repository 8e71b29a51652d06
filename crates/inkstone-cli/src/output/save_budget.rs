//! How much is fetched for one reply: an outsider says how many pictures it has, and where.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::request::asked::{SEQUENCE, worst_case};

/// How many pictures are fetched beyond those that the request may make.
const SPARE: usize = 4;

/// How long fetching all pictures of a reply may take.
const TIME: Duration = Duration::from_secs(15 * 60);

/// How many bytes all pictures of a reply may have.
const BYTES: u64 = 1 << 30;

/// What may still be fetched for a reply.
#[derive(Debug)]
pub struct SaveBudget {
    /// How many of the pictures are saved.
    pub most: usize,
    until: Instant,
    bytes: u64,
}

impl SaveBudget {
    /// The budget of a reply to this request; nothing is known of the request where there is
    /// no model.
    pub fn new(model: Option<&str>, body: &Value) -> Self {
        let worst = model.map_or(SEQUENCE, |model| worst_case(model, body));
        let worst = usize::try_from(worst).unwrap_or(usize::MAX);
        Self {
            most: worst.saturating_add(SPARE),
            until: Instant::now() + TIME,
            bytes: BYTES,
        }
    }

    /// Saves a picture within the budget; an error says why it is not.
    pub async fn save<T>(&self, saving: impl Future<Output = T>) -> Result<T, String> {
        if self.bytes == 0 {
            let most = BYTES >> 30;
            return Err(format!(
                "not fetched: the pictures before it have {most} GiB"
            ));
        }
        let saved = timeout_at(self.until, saving).await;
        saved.map_err(|_| {
            let minutes = TIME.as_secs() / 60;
            format!("not fetched: all pictures of a reply may take {minutes} minutes")
        })
    }

    /// Takes the bytes of a saved picture off.
    pub fn spend(&mut self, path: &Path) {
        let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        self.bytes = self.bytes.saturating_sub(length);
    }

    /// Why a picture is not fetched that is one of too many.
    pub fn too_many(&self, came: usize) -> String {
        format!(
            "not fetched: {came} pictures came, and the request could make {}",
            self.most - SPARE
        )
    }
}
