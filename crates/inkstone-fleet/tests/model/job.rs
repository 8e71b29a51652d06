//! The model: one job, and workers that crash, fall silent and come late.

use stateright::{Model, Property};

/// How many workers there are at a time.
pub const WORKERS: usize = 2;

/// How often each of these happens at most: without bounds there is no end of states.
const CRASHES: u8 = 2;
const LAPSES: u8 = 3;
const RESUMES: u8 = 2;

/// The states of the row that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    Queued,
    Submitting,
    Replied,
    Done,
    Unsent,
    Unknown,
}

/// What an API made of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Pictures, which are billed.
    Made,
    /// Nothing: it was not taken.
    NotTaken,
}

/// What a worker is at, under which claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    Idle,
    Claimed(u8),
    /// It is noted that the request is being sent; no byte has left.
    Begun(u8),
    OnTheWire(u8),
    Came(u8, Answer),
    /// The reply is noted, and its pictures are being saved.
    Saving(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Claim(usize),
    Begin(usize),
    Send(usize),
    Answer(usize, Answer),
    Note(usize),
    Save(usize),
    Crash(usize),
    /// The lease runs out by the database's clock, whatever clock the worker has.
    Lapse,
    Sweep,
    /// Somebody resumes the batch; or has unknown jobs sent again as well.
    Resume(bool),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    pub row: Row,
    pub fence: u8,
    pub holder: Option<usize>,
    pub is_lapsed: bool,
    /// Replies with pictures beside the row: their claims, and whether the row has them now.
    pub late: Vec<(u8, bool)>,
    pub workers: [Work; WORKERS],
    /// Requests that may be billed.
    pub billable: u8,
    /// How often somebody said that it may be sent again though it may have been billed.
    pub retried: u8,
    /// Replies with pictures that the API gave, that the row took, and that died with a worker.
    pub made: u8,
    pub taken: u8,
    pub died: u8,
    crashes: u8,
    lapses: u8,
    resumes: u8,
}

impl Job {
    fn new() -> Self {
        Self {
            row: Row::Queued,
            fence: 0,
            holder: None,
            is_lapsed: false,
            late: Vec::new(),
            workers: [Work::Idle; WORKERS],
            billable: 0,
            retried: 0,
            made: 0,
            taken: 0,
            died: 0,
            crashes: 0,
            lapses: 0,
            resumes: 0,
        }
    }

    fn claim(&mut self, worker: usize) {
        self.fence += 1;
        self.holder = Some(worker);
        self.is_lapsed = false;
        self.workers[worker] = match self.row {
            Row::Replied => Work::Saving(self.fence),
            _ => Work::Claimed(self.fence),
        };
    }

    fn begin(&mut self, worker: usize, fence: u8) {
        let is_valid =
            self.row == Row::Queued && self.fence == fence && self.holder == Some(worker);
        self.workers[worker] = match is_valid {
            true => {
                self.row = Row::Submitting;
                self.is_lapsed = false;
                Work::Begun(fence)
            }
            false => Work::Idle,
        };
    }

    fn note(&mut self, worker: usize, fence: u8, answer: Answer) {
        self.workers[worker] = Work::Idle;
        if fence != self.fence {
            if answer == Answer::Made {
                self.late.push((fence, false));
            }
            return self.reconcile();
        }
        match (answer, self.row) {
            (Answer::Made, Row::Submitting | Row::Unknown) => {
                self.row = Row::Replied;
                self.taken += 1;
                self.holder = Some(worker);
                self.is_lapsed = false;
                self.workers[worker] = Work::Saving(fence);
            }
            (Answer::NotTaken, Row::Queued | Row::Submitting | Row::Unknown) => {
                self.row = Row::Unsent;
                self.holder = None;
                self.reconcile();
            }
            _ => {}
        }
    }

    fn reconcile(&mut self) {
        if !matches!(self.row, Row::Queued | Row::Unsent | Row::Unknown) {
            return;
        }
        let latest = self.late.iter_mut().filter(|late| !late.1).max();
        if let Some(late) = latest {
            late.1 = true;
            self.row = Row::Replied;
            self.taken += 1;
            self.holder = None;
            self.fence += 1;
        }
    }

    fn save(&mut self, worker: usize, fence: u8) {
        self.workers[worker] = Work::Idle;
        if self.fence == fence && self.row == Row::Replied {
            self.row = Row::Done;
            self.holder = None;
        }
    }

    fn crash(&mut self, worker: usize) {
        if let Work::Came(_, Answer::Made) = self.workers[worker] {
            self.died += 1;
        }
        self.workers[worker] = Work::Idle;
        self.crashes += 1;
    }

    fn sweep(&mut self) {
        self.holder = None;
        if self.row == Row::Submitting {
            self.row = Row::Unknown;
            self.reconcile();
        }
    }

    fn resume(&mut self, retries_unknown: bool) {
        self.resumes += 1;
        if self.row == Row::Unsent {
            self.row = Row::Queued;
            self.fence += 1;
        }
        if self.row == Row::Unknown && retries_unknown {
            self.row = Row::Queued;
            self.fence += 1;
            self.retried += 1;
        }
    }

    fn steps_of(&self, worker: usize, steps: &mut Vec<Step>) {
        let is_free = self.holder.is_none() && matches!(self.row, Row::Queued | Row::Replied);
        match self.workers[worker] {
            Work::Idle if is_free => steps.push(Step::Claim(worker)),
            Work::Idle => {}
            Work::Claimed(_) => steps.push(Step::Begin(worker)),
            Work::Begun(_) => steps.push(Step::Send(worker)),
            Work::OnTheWire(_) => {
                steps.push(Step::Answer(worker, Answer::Made));
                steps.push(Step::Answer(worker, Answer::NotTaken));
            }
            Work::Came(..) => steps.push(Step::Note(worker)),
            Work::Saving(_) => steps.push(Step::Save(worker)),
        }
        if self.workers[worker] != Work::Idle && self.crashes < CRASHES {
            steps.push(Step::Crash(worker));
        }
    }

    /// The job after a step.
    pub fn after(&self, step: Step) -> Self {
        let mut job = self.clone();
        let at = |worker: usize| self.workers[worker];
        match step {
            Step::Claim(worker) => job.claim(worker),
            Step::Begin(worker) => {
                if let Work::Claimed(fence) = at(worker) {
                    job.begin(worker, fence);
                }
            }
            Step::Send(worker) => {
                if let Work::Begun(fence) = at(worker) {
                    job.billable += 1;
                    job.workers[worker] = Work::OnTheWire(fence);
                }
            }
            Step::Answer(worker, answer) => {
                if let Work::OnTheWire(fence) = at(worker) {
                    job.workers[worker] = Work::Came(fence, answer);
                    match answer {
                        Answer::Made => job.made += 1,
                        Answer::NotTaken => job.billable -= 1,
                    }
                }
            }
            Step::Note(worker) => {
                if let Work::Came(fence, answer) = at(worker) {
                    job.note(worker, fence, answer);
                }
            }
            Step::Save(worker) => {
                if let Work::Saving(fence) = at(worker) {
                    job.save(worker, fence);
                }
            }
            Step::Crash(worker) => job.crash(worker),
            Step::Lapse => {
                job.is_lapsed = true;
                job.lapses += 1;
            }
            Step::Sweep => job.sweep(),
            Step::Resume(retries_unknown) => job.resume(retries_unknown),
        }
        job
    }

    /// How many replies with pictures are on their way to the journal.
    fn in_hands(&self) -> u8 {
        let came = |work: &&Work| matches!(work, Work::Came(_, Answer::Made));
        u8::try_from(self.workers.iter().filter(came).count()).unwrap()
    }

    fn beside(&self) -> u8 {
        u8::try_from(self.late.iter().filter(|late| !late.1).count()).unwrap()
    }
}

/// One job, from the intake on.
pub struct OneJob;

impl Model for OneJob {
    type State = Job;
    type Action = Step;

    fn init_states(&self) -> Vec<Job> {
        vec![Job::new()]
    }

    fn actions(&self, job: &Job, steps: &mut Vec<Step>) {
        for worker in 0..WORKERS {
            job.steps_of(worker, steps);
        }
        if job.holder.is_some() && !job.is_lapsed && job.lapses < LAPSES {
            steps.push(Step::Lapse);
        }
        if job.holder.is_some() && job.is_lapsed {
            steps.push(Step::Sweep);
        }
        let can_resume = matches!(job.row, Row::Unsent | Row::Unknown);
        if can_resume && job.resumes < RESUMES {
            steps.extend([Step::Resume(false), Step::Resume(true)]);
        }
    }

    fn next_state(&self, job: &Job, step: Step) -> Option<Job> {
        Some(job.after(step))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "it is billed once, and once more each time that was asked for",
                |_, job: &Job| job.billable <= 1 + job.retried,
            ),
            Property::always(
                "what was paid for is in the row, beside it, or on its way",
                |_, job: &Job| job.made == job.taken + job.beside() + job.in_hands() + job.died,
            ),
            Property::always("a job whose request is unaccounted for is never free", {
                |_, job: &Job| {
                    let is_free = matches!(job.row, Row::Queued | Row::Unsent);
                    !is_free || job.billable <= job.retried
                }
            }),
            Property::always(
                "a job has pictures if and only if a reply with some was taken",
                |_, job: &Job| (job.taken > 0) == matches!(job.row, Row::Replied | Row::Done),
            ),
            Property::always(
                "what came late is beside only while another has its result",
                {
                    |_, job: &Job| {
                        let may_get_one = matches!(job.row, Row::Submitting);
                        job.beside() == 0 || job.taken > 0 || may_get_one
                    }
                },
            ),
            Property::sometimes("a job gets done after a crash", |_, job: &Job| {
                job.row == Row::Done && job.crashes > 0
            }),
            Property::sometimes("a late reply saves a request", |_, job: &Job| {
                job.late.iter().any(|late| late.1) && job.billable == 1
            }),
            Property::sometimes("a late reply comes beside another", |_, job: &Job| {
                job.beside() > 0 && job.row == Row::Done
            }),
        ]
    }
}
