//! The states that a task goes through, and for how long.

use std::time::Duration;

use serde_json::{Map, Value};
use strum::{EnumString, IntoStaticStr};

/// How the states of a task are written in a script.
pub const RULE: &str = "an array of states: PENDING, RUNNING, SUSPENDED, SUCCEEDED, FAILED, \
                        CANCELED or UNKNOWN, or objects with the members status, polls or for \
                        (milliseconds), failed (pictures), code and message";
pub const SAMPLE: &str = r#"["PENDING", {"status": "RUNNING", "for": 500}, "FAILED"]"#;

/// The state of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Status {
    Pending,
    Running,
    Suspended,
    Succeeded,
    Failed,
    Canceled,
    Unknown,
}

impl Status {
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the task has ended.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }
}

/// A state, and for how long the task is in it. The last one stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub status: Status,
    pub hold: Hold,
    /// How many of the pictures have failed.
    pub failed: usize,
    pub code: String,
    pub message: String,
}

/// For how long a task is in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Until it was queried so many times.
    Polls(u64),
    Time(Duration),
}

impl Stage {
    pub fn new(status: Status) -> Self {
        Self {
            status,
            hold: Hold::Polls(1),
            failed: 0,
            code: "DataInspectionFailed".into(),
            message: "Output data may contain inappropriate content.".into(),
        }
    }
}

/// The states of a task without a script.
pub fn default_stages() -> Vec<Stage> {
    [Status::Pending, Status::Running, Status::Succeeded]
        .map(Stage::new)
        .into()
}

pub fn read(value: &Value) -> Option<Vec<Stage>> {
    let stages: Option<Vec<_>> = value.as_array()?.iter().map(stage).collect();
    stages.filter(|stages| !stages.is_empty())
}

fn stage(value: &Value) -> Option<Stage> {
    match value {
        Value::String(name) => name.parse().ok().map(Stage::new),
        Value::Object(members) => stage_from_members(members),
        _ => None,
    }
}

fn stage_from_members(members: &Map<String, Value>) -> Option<Stage> {
    let mut stage = Stage::new(members.get("status")?.as_str()?.parse().ok()?);
    for (name, value) in members {
        match name.as_str() {
            "status" => {}
            "polls" if !members.contains_key("for") => stage.hold = Hold::Polls(value.as_u64()?),
            "for" => stage.hold = Hold::Time(Duration::from_millis(value.as_u64()?)),
            "failed" => stage.failed = usize::try_from(value.as_u64()?).ok()?,
            "code" => stage.code = value.as_str()?.to_owned(),
            "message" => stage.message = value.as_str()?.to_owned(),
            _ => return None,
        }
    }
    Some(stage)
}
