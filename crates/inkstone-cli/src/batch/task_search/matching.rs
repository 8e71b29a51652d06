//! Which task may be of which job, and which is beyond doubt.

use std::time::{Duration, SystemTime};

use crate::batch::journal::lost_tasks::{LostTask, SLACK};
use crate::request::words::command_line::prompt;

/// How long a request may be on its way: it also waits for its turn.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// A task of the API's list that no job is known to have.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    pub id: String,
    /// When it was submitted, if the API says so.
    pub submitted: Option<SystemTime>,
    /// What it was asked for, if the API says so.
    pub prompt: Option<String>,
    /// How many pictures came of it.
    pub pictures: usize,
}

/// What is found for a job.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This candidate, which can be of no other job, nor any other of this job.
    Certain(usize),
    /// Nothing.
    Nothing,
    /// One of these candidates.
    Several(Vec<usize>),
    /// This candidate, which may as well be of that job.
    Shared(usize, usize),
    /// This candidate, of which the API doesn't say when it was submitted.
    Timeless(usize),
}

/// When the last request of a job may have become a task.
pub fn window(job: &LostTask) -> (SystemTime, SystemTime) {
    let start = job.sent.checked_sub(SLACK).unwrap_or(job.sent);
    let end = job.sent.checked_add(LONGEST + SLACK).unwrap_or(job.sent);
    (start, end)
}

/// What is found for each of the jobs, which are of one account and model.
pub fn verdicts(jobs: &[LostTask], candidates: &[Candidate]) -> Vec<Verdict> {
    let verdict = |(number, job): (usize, &LostTask)| {
        let own = |other: &&usize| is_possible(job, &candidates[**other]);
        let all: Vec<usize> = (0..candidates.len()).collect();
        let own: Vec<usize> = all.iter().filter(own).copied().collect();
        let &[only] = own.as_slice() else {
            return match own.is_empty() {
                true => Verdict::Nothing,
                false => Verdict::Several(own),
            };
        };
        let candidate = &candidates[only];
        let mut others = jobs.iter().enumerate().filter(|(at, _)| *at != number);
        match others.find(|(_, other)| is_possible(other, candidate)) {
            Some((other, _)) => Verdict::Shared(only, other),
            None if candidate.submitted.is_none() => Verdict::Timeless(only),
            None => Verdict::Certain(only),
        }
    };
    jobs.iter().enumerate().map(verdict).collect()
}

/// Whether a task may be of a job, by all that is known of both.
fn is_possible(job: &LostTask, candidate: &Candidate) -> bool {
    let said = candidate.prompt.as_deref();
    if said.is_some_and(|said| prompt(&job.request) != Some(said)) {
        return false;
    }
    if candidate.pictures > usize::try_from(job.most).unwrap_or(usize::MAX) {
        return false;
    }
    let Some(submitted) = candidate.submitted else {
        return true;
    };
    let (start, end) = window(job);
    let of_last = !job.has_task && start <= submitted && submitted <= end;
    // The task of an earlier request was submitted before the last one was sent.
    let of_earlier = job.is_resent && submitted <= job.sent + SLACK;
    of_last || of_earlier
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use proptest::prelude::*;
    use serde_json::json;

    use super::{Candidate, Verdict, is_possible, verdicts};
    use crate::batch::journal::lost_tasks::LostTask;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_163_400 + seconds)
    }

    fn job(sent: u64, prompt: &str) -> LostTask {
        LostTask {
            seq: 1,
            id: "a".to_owned(),
            api: "dashscope".to_owned(),
            document: "d".to_owned(),
            model: "m".to_owned(),
            account: None,
            request: json!({"input": {"prompt": prompt}}),
            most: 2,
            is_unknown: true,
            has_task: false,
            is_resent: false,
            sent: at(sent),
        }
    }

    fn task(submitted: Option<u64>, prompt: Option<&str>) -> Candidate {
        Candidate {
            id: "t".to_owned(),
            submitted: submitted.map(at),
            prompt: prompt.map(str::to_owned),
            pictures: 0,
        }
    }

    #[test]
    fn only_what_is_beyond_doubt_is_certain() {
        let resent = LostTask {
            is_resent: true,
            has_task: true,
            ..job(1000, "cat")
        };
        let many = Candidate {
            pictures: 3,
            ..task(Some(1001), None)
        };
        let cases = [
            (
                vec![job(1000, "cat")],
                vec![task(Some(1001), None)],
                vec![Verdict::Certain(0)],
            ),
            (vec![job(1000, "cat")], vec![], vec![Verdict::Nothing]),
            // Before it was sent, long after that, or with more pictures than it asked for.
            (
                vec![job(1000, "cat")],
                vec![task(Some(900), None)],
                vec![Verdict::Nothing],
            ),
            (
                vec![job(1000, "cat")],
                vec![task(Some(1400), None)],
                vec![Verdict::Nothing],
            ),
            (vec![job(1000, "cat")], vec![many], vec![Verdict::Nothing]),
            (
                vec![job(1000, "cat")],
                vec![task(None, None)],
                vec![Verdict::Timeless(0)],
            ),
            (
                vec![job(1000, "cat")],
                vec![task(Some(1001), None), task(Some(1002), None)],
                vec![Verdict::Several(vec![0, 1])],
            ),
            (
                vec![job(1000, "cat"), job(1001, "dog")],
                vec![task(Some(1001), None)],
                vec![Verdict::Shared(0, 1), Verdict::Shared(0, 0)],
            ),
            // What they ask for tells them apart.
            (
                vec![job(1000, "cat"), job(1001, "dog")],
                vec![task(Some(1001), Some("dog")), task(Some(1001), Some("cat"))],
                vec![Verdict::Certain(1), Verdict::Certain(0)],
            ),
            // The earlier request of a job that was sent again may have made it.
            (
                vec![job(500, "cat"), resent],
                vec![task(Some(501), None)],
                vec![Verdict::Shared(0, 1), Verdict::Shared(0, 0)],
            ),
        ];
        for (jobs, tasks, expected) in cases {
            assert_eq!(verdicts(&jobs, &tasks), expected, "{jobs:#?} {tasks:#?}");
        }
    }

    proptest! {
        /// Of whatever is lost and listed, no task is given to two jobs, and none to a job
        /// while another pair is possible.
        #[test]
        fn what_is_certain_has_no_other(
            sent in proptest::collection::vec((0..2000_u64, 0..3_usize), 0..6),
            listed in proptest::collection::vec(
                (proptest::option::of(0..2500_u64), proptest::option::of(0..3_usize)), 0..6),
        ) {
            let prompts = ["cat", "dog", "cow"];
            let jobs: Vec<_> = sent.iter().map(|(sent, of)| job(*sent, prompts[*of])).collect();
            let tasks: Vec<_> = listed
                .iter()
                .map(|(when, of)| task(*when, of.map(|of| prompts[of])))
                .collect();
            for (number, verdict) in verdicts(&jobs, &tasks).iter().enumerate() {
                let Verdict::Certain(task) = verdict else { continue };
                for (other, candidate) in tasks.iter().enumerate() {
                    prop_assert_eq!(is_possible(&jobs[number], candidate), other == *task);
                }
                for (other, job) in jobs.iter().enumerate() {
                    prop_assert_eq!(is_possible(job, &tasks[*task]), other == number);
                }
                prop_assert!(tasks[*task].submitted.is_some());
            }
        }
    }
}
