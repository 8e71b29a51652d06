//! What a worker counts, in the text format that Prometheus reads.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use inkstone_fleet::{DatabaseTime, Overview};

use crate::batch::state::State;

/// What a worker counts, since it began.
#[derive(Default)]
pub struct Counters {
    pub claims: Cell<u64>,
    /// Requests that were about to be sent.
    pub sends: Cell<u64>,
    /// Jobs whose pictures the store had, of which the journal did not know.
    pub adopted: Cell<u64>,
    /// Results that came after their claim, and are kept beside.
    pub late: Cell<u64>,
    pub leases_lost: Cell<u64>,
    pub store_bytes: Cell<u64>,
    pub store_retries: Cell<u64>,
    /// How many replies came, by status.
    replies: RefCell<BTreeMap<String, u64>>,
}

/// Counts one more.
pub fn count(counter: &Cell<u64>) {
    add(counter, 1);
}

/// Counts so many more.
pub fn add(counter: &Cell<u64>, more: u64) {
    counter.set(counter.get().saturating_add(more));
}

impl Counters {
    /// A reply came with this status, or a request ended without one.
    pub fn replied(&self, status: Option<u16>) {
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        *self.replies.borrow_mut().entry(status).or_default() += 1;
    }

    /// All metrics as text; those of the whole batch where the journal was counted.
    pub fn text(
        &self,
        database: DatabaseTime,
        (spool, running): (u64, usize),
        overview: Option<&Overview>,
    ) -> String {
        let mut text = Text::default();
        text.counter("claims", "Jobs that this worker claimed", self.claims.get());
        text.counter("sends", "Requests that this worker sent", self.sends.get());
        text.head(
            "replies_total",
            "counter",
            "Replies by status; none: no reply came",
        );
        for (status, count) in self.replies.borrow().iter() {
            text.line("replies_total", &format!("{{status=\"{status}\"}}"), count);
        }
        let late = "Results that came after their claim, and are kept beside";
        text.counter("late_results", late, self.late.get());
        let lost = "Leases that lapsed while this worker had the job";
        text.counter("leases_lost", lost, self.leases_lost.get());
        let bytes = "Bytes of pictures and replies that are in the store";
        text.counter("store_bytes", bytes, self.store_bytes.get());
        let retries = "Requests to the store that were repeated";
        text.counter("store_retries", retries, self.store_retries.get());
        text.counter("database_statements", "Statements", database.statements);
        let seconds = database.total.as_secs_f64();
        text.counter("database_seconds", "What these statements took", seconds);
        text.gauge("spool_bytes", "Bytes on their way to the store", spool);
        text.gauge("running_jobs", "Jobs that this worker has", running);
        text.gauge(
            "journal_up",
            "1 where the journal answers",
            u8::from(overview.is_some()),
        );
        if let Some(overview) = overview {
            text.head("jobs", "gauge", "Jobs of the batch by state");
            for state in State::ALL {
                let count = overview.states.get(state.name()).copied();
                let labels = format!("{{state=\"{}\"}}", state.name());
                text.line("jobs", &labels, count.unwrap_or_default());
            }
            let late = "Results of the batch that came late and were not taken in";
            text.gauge("late", late, overview.late);
        }
        text.0
    }
}

/// A text of metrics.
#[derive(Default)]
struct Text(String);

impl Text {
    fn counter(&mut self, name: &str, help: &str, value: impl Display) {
        let name = format!("{name}_total");
        self.head(&name, "counter", help);
        self.line(&name, "", value);
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, "gauge", help);
        self.line(name, "", value);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // A text takes whatever is written to it.
        let _ = writeln!(self.0, "# HELP inkstone_{name} {help}");
        let _ = writeln!(self.0, "# TYPE inkstone_{name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.0, "inkstone_{name}{labels} {value}");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use inkstone_fleet::{DatabaseTime, Overview};

    use super::{Counters, add, count};

    #[test]
    fn metrics_are_text_that_prometheus_reads() {
        let counters = Counters::default();
        count(&counters.claims);
        add(&counters.store_bytes, 70);
        counters.replied(Some(200));
        counters.replied(Some(200));
        counters.replied(None);
        let database = DatabaseTime {
            statements: 4,
            total: Duration::from_millis(1500),
        };
        let overview = Overview {
            states: BTreeMap::from([("done".to_owned(), 7)]),
            claimed: 0,
            workers: BTreeMap::new(),
            late: 1,
        };
        let text = counters.text(database, (512, 3), Some(&overview));
        for line in [
            "# TYPE inkstone_claims_total counter",
            "inkstone_claims_total 1",
            "inkstone_sends_total 0",
            "inkstone_replies_total{status=\"200\"} 2",
            "inkstone_replies_total{status=\"none\"} 1",
            "inkstone_store_bytes_total 70",
            "inkstone_database_seconds_total 1.5",
            "# TYPE inkstone_jobs gauge",
            "inkstone_jobs{state=\"done\"} 7",
            "inkstone_jobs{state=\"queued\"} 0",
            "inkstone_spool_bytes 512",
            "inkstone_running_jobs 3",
            "inkstone_late 1",
            "inkstone_journal_up 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let away = counters.text(database, (0, 0), None);
        assert!(away.contains("inkstone_journal_up 0\n"), "{away}");
        assert!(!away.contains("inkstone_jobs"), "{away}");
    }
}
