//! What became of an order, as the ledger keeps it.

use serde::{Deserialize, Serialize};

use crate::database::by_name;
use crate::ledger::clock::now;

/// What became of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When it was answered, in seconds since 1970.
    pub created: i64,
    pub pictures: Vec<Picture>,
    /// Why pictures that were asked for were not made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmade: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The file with the full reply, where a picture could not be saved, or it is not whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// Whether the full reply is in the ledger, where no file could be written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_ledger: bool,
    /// Why there is no picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// A picture that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// It is saved under this name.
    Saved(String),
    /// It could not be saved: its address at the API, if it has one, and why.
    Unsaved { url: Option<String>, reason: String },
}

/// Why an order has no pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// How far the call got, as the journal of a batch names it.
    pub stage: String,
    pub message: String,
    /// The status and the code of the API's reply.
    pub status: Option<u16>,
    pub code: Option<String>,
    /// In how many seconds another attempt may succeed.
    pub retry_after: Option<u64>,
    pub may_have_been_billed: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With pictures.
    Done,
    /// Nobody knows; it may have been billed.
    Unknown,
    /// Nothing was made or billed: it may be sent again.
    Refused,
}

impl Ending {
    const ALL: [Self; 3] = [Self::Done, Self::Unknown, Self::Refused];

    fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }
}

/// The state of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// It is being sent, or its task is under way.
    Sending,
    /// It ended, as far as is known.
    Ended(Ending),
}

impl OrderState {
    const SENDING: &str = "sending";

    fn name(self) -> &'static str {
        match self {
            Self::Sending => Self::SENDING,
            Self::Ended(ending) => ending.name(),
        }
    }

    fn find(name: &str) -> Option<Self> {
        let mut endings = Ending::ALL.into_iter();
        match name {
            Self::SENDING => Some(Self::Sending),
            name => endings.find(|own| own.name() == name).map(Self::Ended),
        }
    }
}

by_name!(OrderState, Some(OrderState::Ended(Ending::Unknown)));

impl Answer {
    /// Whether it has pictures, or says why there are none.
    pub fn says_more_than_task(&self) -> bool {
        !self.pictures.is_empty() || self.failure.is_some()
    }

    /// Whether a picture that is not saved may still be had, from a reply that is kept.
    pub fn has_more(&self) -> bool {
        let is_unsaved = |picture: &Picture| matches!(picture, Picture::Unsaved { .. });
        (self.kept.is_some() || self.in_ledger) && self.pictures.iter().any(is_unsaved)
    }

    /// The answer of an order without pictures.
    pub fn failed(failure: Failure) -> Self {
        Self {
            created: now(),
            failure: Some(failure),
            ..Self::default()
        }
    }
}

impl Failure {
    /// The failure of an order whose outcome nobody knows.
    pub fn unknown(message: &str) -> Self {
        Self {
            stage: "outcome_unknown".to_owned(),
            message: message.to_owned(),
            may_have_been_billed: true,
            ..Self::default()
        }
    }
}
