//! Lists of tasks.

use serde_json::Value;

use super::place::text;
use super::status::TaskStatus;
use crate::reply::Reply;

/// Which tasks to list: all that are left out are of no concern.
///
/// Times are in the API's form, `YYYYMMDDhhmmss`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// The page, from 1.
    pub page_no: Option<u32>,
    /// How many tasks are on a page.
    pub page_size: Option<u32>,
    /// Submitted at this time or later.
    pub start_time: Option<String>,
    /// Submitted before this time.
    pub end_time: Option<String>,
    /// Of this model.
    pub model_name: Option<String>,
    /// In this state.
    pub status: Option<TaskStatus>,
}

impl TaskFilter {
    /// The parameters of the query.
    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let parameters = [
            ("page_no", number(self.page_no)),
            ("page_size", number(self.page_size)),
            ("start_time", self.start_time.clone()),
            ("end_time", self.end_time.clone()),
            ("model_name", self.model_name.clone()),
            ("status", self.status.as_ref().map(ToString::to_string)),
        ];
        let given = parameters.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// A page of a list of tasks.
#[derive(Debug)]
pub struct TaskList {
    pub(crate) reply: Reply<Value>,
}

/// What a list says of a task.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTask {
    /// Its id.
    pub id: String,
    /// Its state.
    pub status: Option<TaskStatus>,
    /// Its model.
    pub model: Option<String>,
}

impl TaskList {
    /// The tasks, in the order of the reply, wherever they stand in it.
    #[must_use]
    pub fn tasks(&self) -> Vec<ListedTask> {
        let mut tasks = Vec::new();
        collect(self.reply.json(), &mut tasks);
        tasks
    }

    /// The reply: its bytes and its request id, and whatever else it says.
    #[must_use]
    pub fn reply(&self) -> &Reply<Value> {
        &self.reply
    }
}

fn collect(value: &Value, tasks: &mut Vec<ListedTask>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, tasks)),
        Value::Object(members) => match text(value, "/task_id") {
            Some(id) => tasks.push(ListedTask {
                id: id.to_owned(),
                status: text(value, "/status")
                    .or_else(|| text(value, "/task_status"))
                    .map(TaskStatus::new),
                model: text(value, "/model_name").map(str::to_owned),
            }),
            None => members.values().for_each(|member| collect(member, tasks)),
        },
        _ => {}
    }
}
