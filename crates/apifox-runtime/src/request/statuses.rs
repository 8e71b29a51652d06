//! Which of an operation's replies a status means.

use crate::request::operation::{Media, Operation, Response};
use crate::request::reply::is_bodiless_method;

impl Operation {
    /// The reply that the document describes for a status, with a schema: by itself, with
    /// its hundred, or by default.
    #[must_use]
    pub fn response(&self, status: u16) -> Option<&'static Response> {
        let find = |is_meant: &dyn Fn(&&Response) -> bool| self.responses.iter().find(is_meant);
        let own = find(&|one| !one.is_range && one.status == status);
        if own.is_some() || self.is_schemaless(status) {
            return own;
        }
        find(&|one| one.is_range && one.status / 100 == status / 100)
            .or_else(|| find(&|one| one.status == 0))
    }

    /// Whether the type of the body of a reply that reports success is that of a reply with
    /// this status: not where the document describes other statuses, and not this one.
    #[must_use]
    pub fn describes_success(&self, status: u16) -> bool {
        let mut successes = self.responses.iter().filter(|one| is_success(one.status));
        is_bodiless_method(self.method)
            || self.bodiless.contains(&status)
            // The default reports failures beside them.
            || self.response(status).is_some_and(|one| one.status != 0)
            || successes.next().is_none()
    }

    /// Whether the type of the body of a reply that reports a failure is that of a reply with
    /// this status: not where the document describes other statuses, and not this one. A failure
    /// under a status that reports success is one by what an API says in its body.
    #[must_use]
    pub fn describes_failure(&self, status: u16) -> bool {
        let mut failures = self.responses.iter().filter(|one| !is_success(one.status));
        is_success(status) || self.response(status).is_some() || failures.next().is_none()
    }

    /// Whether the body of a reply that reports success with this status is text.
    #[must_use]
    pub fn success_is_text(&self, status: u16) -> bool {
        let own = self.response(status).filter(|one| one.status != 0);
        let is_text = own.map(|one| one.is_text);
        !is_bodiless_method(self.method) && is_text.unwrap_or(matches!(self.reply, Media::Text(_)))
    }

    fn is_schemaless(&self, status: u16) -> bool {
        let mut schemaless = self.schemaless.iter();
        schemaless.any(|(first, last)| (*first..=*last).contains(&status))
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::Operation;
    use crate::request::operation::Response;

    /// The operation that describes these statuses with a schema; 4 stands for `4XX`.
    fn operation(statuses: &[u16]) -> Operation {
        let described = statuses.iter().map(|status| Response {
            status: if *status < 10 { status * 100 } else { *status },
            is_range: (1..10).contains(status),
            name: "",
            pointer: "",
            is_text: false,
            check: Operation::ANY.check_response,
        });
        Operation {
            responses: described.collect::<Vec<_>>().leak(),
            ..Operation::ANY
        }
    }

    #[test]
    fn a_status_means_its_own_reply_then_its_hundred_then_the_default() {
        type Schemaless = &'static [(u16, u16)];
        type Expected = &'static [(u16, Option<u16>)];
        let cases: [(&[u16], Schemaless, Expected); 6] = [
            (
                &[200, 400],
                &[],
                &[(400, Some(400)), (404, None), (201, None)],
            ),
            (
                &[400, 4],
                &[],
                &[(400, Some(400)), (404, Some(400)), (500, None)],
            ),
            (
                &[4, 0],
                &[],
                &[(404, Some(400)), (500, Some(0)), (200, Some(0))],
            ),
            (&[0], &[(404, 404)], &[(404, None), (400, Some(0))]),
            (
                &[4, 0],
                &[(404, 404)],
                &[(404, None), (400, Some(400)), (503, Some(0))],
            ),
            (
                &[404, 0],
                &[(400, 499)],
                &[(404, Some(404)), (400, None), (500, Some(0))],
            ),
        ];
        for (described, schemaless, expected) in cases {
            let operation = Operation {
                schemaless,
                ..operation(described)
            };
            for (status, means) in expected {
                let found = operation.response(*status).map(|one| one.status);
                assert_eq!(found, *means, "{described:?} {schemaless:?} {status}");
            }
        }
    }

    #[test]
    fn a_status_has_a_type_where_it_is_described_or_none_is() {
        // Described; a status; whether its success and its failure are described.
        let cases: [(&[u16], u16, bool, bool); 12] = [
            (&[], 201, true, true),
            (&[], 404, true, true),
            (&[200], 200, true, true),
            (&[200], 201, false, true),
            (&[200], 404, false, true),
            (&[2], 201, true, true),
            (&[200, 0], 201, false, true),
            (&[0], 201, true, true),
            (&[0], 404, true, true),
            (&[400], 200, true, true),
            (&[200, 400], 404, false, false),
            (&[200, 4], 404, true, true),
        ];
        for (described, status, success, failure) in cases {
            let operation = operation(described);
            let found = operation.describes_failure(status);
            assert_eq!(found, failure, "{described:?} {status}");
            if status < 300 {
                let found = operation.describes_success(status);
                assert_eq!(found, success, "{described:?} {status}");
            }
        }
    }
}
