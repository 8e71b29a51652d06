//! Reads the API's list of tasks, and asks about those that may be of a job.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use inkstone::{Client, Error, Stage, TaskFilter};

use crate::batch::task_search::matching::Candidate;
use crate::task::submitted;

/// How many tasks are asked for at a time.
const PAGE_SIZE: u32 = 50;

/// How many pages are read at most.
const MOST_PAGES: u32 = 200;

/// The tasks of a model that were submitted within these times, by id, and when. None if there
/// are more than are read.
pub async fn listed(
    client: &Client,
    model: &str,
    (start, end): (SystemTime, SystemTime),
) -> Result<Option<HashMap<String, Option<SystemTime>>>, Error> {
    let mut found = HashMap::new();
    // The filter has whole seconds.
    let end = end.checked_add(Duration::from_secs(1)).unwrap_or(end);
    for page in 1..=MOST_PAGES {
        let filter = TaskFilter {
            page_no: Some(page),
            page_size: Some(PAGE_SIZE),
            start_time: Some(submitted::filter(start)),
            end_time: Some(submitted::filter(end)),
            model_name: Some(model.to_owned()),
            status: None,
        };
        let list = client.list(&filter).await?;
        let times = submitted::in_list(list.reply().json());
        let (tasks, before) = (list.tasks(), found.len());
        let length = tasks.len();
        for task in tasks {
            // An API may not know the filters.
            let is_other = task.model.is_some_and(|other| other != model);
            let time = times.get(&task.id).copied();
            let is_within = time.is_none_or(|time| start <= time && time <= end);
            if !is_other && is_within {
                found.insert(task.id, time);
            }
        }
        // One that knows no pages answers with the same tasks again.
        let is_same = found.len() == before && page > 1;
        if length < PAGE_SIZE as usize || is_same {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// All that the API says of a task. Fails where it may say more in a while.
pub async fn asked(
    client: &Client,
    id: &str,
    listed: Option<SystemTime>,
) -> Result<Candidate, Error> {
    let task = match client.poll(id).await {
        Ok(task) => task,
        // What it was asked for might have told that it is of somebody else.
        Err(error) if matches!(error.stage(), Stage::Configuration | Stage::Refused) => {
            return Ok(Candidate::default());
        }
        Err(error) => return Err(error),
    };
    let answer = task.reply().json();
    let results = answer.pointer("/output/results");
    let results = results.and_then(|results| results.as_array());
    let mut prompts = results
        .into_iter()
        .flatten()
        .filter_map(|result| result["orig_prompt"].as_str());
    Ok(Candidate {
        id: id.to_owned(),
        submitted: submitted::in_answer(answer).or(listed),
        prompt: prompts.next().map(str::to_owned),
        pictures: task.images().len(),
    })
}
