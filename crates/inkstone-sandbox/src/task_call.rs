//! How are questions about tasks answered?

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::catalog::Role;
use crate::fault::Fault;
use crate::reply;
use crate::task_reply;
use crate::tasks::Filter;
use crate::template;
use crate::wanted;

const PAGE_SIZE: usize = 10;
const LARGEST_PAGE: usize = 100;

pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    let Some(document) = call.route.only() else {
        return Err(Fault::sandbox("the route has no document"));
    };
    wanted::parameters(document, call.route, call.head)?;
    let reply = match call.route.role {
        Role::Cancel => cancel(call)?,
        Role::List => list(call)?,
        Role::Query | Role::Generate | Role::Submit => query(call),
    };
    Ok(Answer::json(reply::checked(document, reply)?))
}

/// The task's id: what the path has for its only parameter.
fn task_id(call: &Call<'_>) -> String {
    template::first_value(&call.route.path, call.head.uri.path()).unwrap_or_default()
}

fn query(call: &Call<'_>) -> Value {
    let id = task_id(call);
    match call.shared.tasks.poll(&id) {
        Some(task) => task_reply::queried(&task, &call.request_id),
        None => task_reply::unknown(&id, &call.request_id),
    }
}

fn cancel(call: &Call<'_>) -> Result<Value, Fault> {
    let id = task_id(call);
    match call.shared.tasks.cancel(&id) {
        Ok(()) => Ok(json!({"request_id": call.request_id})),
        Err(status) => {
            let message = format!(
                "Failed to cancel the task, please confirm if the task is in PENDING status: \
                 it is {}",
                status.name()
            );
            let code = "UnsupportedOperation";
            Err(Fault::coded(StatusCode::BAD_REQUEST, code, message))
        }
    }
}

fn list(call: &Call<'_>) -> Result<Value, Fault> {
    let text = call.head.uri.query().unwrap_or_default();
    let given = |name| template::query(text, name);
    let number = |name, usual| match given(name) {
        None => Ok(usual),
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(Fault::request(
                name,
                format!("{name} is no number from 1: {text:?}"),
            )),
        },
    };
    let page = number("page_no", 1)?;
    let size = number("page_size", PAGE_SIZE)?.min(LARGEST_PAGE);
    let filter = Filter {
        model: given("model_name"),
        status: given("status"),
        start: given("start_time"),
        end: given("end_time"),
    };
    let skip = (page - 1).saturating_mul(size);
    let (total, tasks) = call.shared.tasks.list(&filter, skip, size);
    Ok(task_reply::listed(
        &tasks,
        total,
        page,
        size,
        &call.request_id,
    ))
}
