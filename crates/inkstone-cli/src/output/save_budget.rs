//! How much is fetched for one reply: an outsider says how many pictures it has, and where.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::args::api;
use crate::output::request_context::RequestContext;
use crate::request::picture_count::picture_count;

/// How many pictures are fetched beyond those that the request may make.
const SPARE: usize = 4;

/// How many pictures a request may make of which nothing is known.
const MOST: u32 = 12;

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
    /// The budget of a reply to this request; of one that was submitted elsewhere, nothing is
    /// known.
    pub fn for_request(request: &RequestContext<'_>) -> Self {
        let document = request.document;
        let operation = document.and_then(|name| api::operation(request.api, name));
        let worst = operation.map(|operation| *picture_count(operation, request.body).end());
        Self::new(worst.unwrap_or(MOST))
    }

    /// The budget of a reply to a request that may make so many pictures.
    pub fn new(worst: u32) -> Self {
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
    pub fn spend(&mut self, length: u64) {
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
