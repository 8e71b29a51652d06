//! Which earlier order a request repeats. The libraries of OpenAI number their attempts, and
//! give no id: an attempt after the first belongs to an order with the same body.

/// An earlier order with the same body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub seq: i64,
    /// The latest attempt that it was given to.
    pub attempt: u32,
    /// Whether nothing was made of it.
    pub is_refused: bool,
    /// Whether nobody has had its answer, nor is there to get it.
    pub is_lost: bool,
}

/// How well an order fits an attempt; the least fits best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Its answer was lost: that is what an attempt is repeated for.
    Lost,
    /// Nothing was made of it.
    Refused,
    /// An earlier attempt had its answer, as far as this side can tell.
    Answered,
    /// So had this attempt, or a later one.
    Later,
}

/// The order that `attempt` repeats: 0 is a first attempt, which repeats only what was lost.
/// `candidates` are the latest first.
pub fn choose(candidates: &[Candidate], attempt: u32) -> Option<i64> {
    let fitting = candidates.iter().filter_map(|candidate| {
        let fit = fit(candidate, attempt)?;
        Some((fit, candidate.seq))
    });
    fitting
        .min_by(|(a, _), (b, _)| a.cmp(b))
        .map(|(_, seq)| seq)
}

fn fit(candidate: &Candidate, attempt: u32) -> Option<Fit> {
    let is_earlier = candidate.attempt < attempt;
    match (candidate.is_refused, candidate.is_lost) {
        (true, _) => is_earlier.then_some(Fit::Refused),
        (false, true) => Some(Fit::Lost),
        (false, false) if attempt == 0 => None,
        (false, false) if is_earlier => Some(Fit::Answered),
        (false, false) => Some(Fit::Later),
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, choose};

    const ANSWERED: Candidate = Candidate {
        seq: 1,
        attempt: 0,
        is_refused: false,
        is_lost: false,
    };

    #[test]
    fn an_attempt_belongs_to_what_was_lost_or_else_to_what_it_repeats() {
        let lost = Candidate {
            seq: 2,
            is_lost: true,
            ..ANSWERED
        };
        let refused = Candidate {
            seq: 3,
            is_refused: true,
            ..ANSWERED
        };
        let given = Candidate {
            seq: 4,
            attempt: 2,
            ..ANSWERED
        };
        let cases = [
            (vec![], 0, None),
            (vec![], 1, None),
            (vec![ANSWERED], 0, None),
            (vec![refused], 0, None),
            (vec![ANSWERED, lost, refused], 0, Some(2)),
            (vec![ANSWERED], 1, Some(1)),
            (vec![ANSWERED, refused], 1, Some(3)),
            (vec![ANSWERED, refused, lost], 1, Some(2)),
            (vec![given, ANSWERED], 2, Some(1)),
            (vec![given], 2, Some(4)),
            (vec![given], 3, Some(4)),
        ];
        for (candidates, attempt, expected) in cases {
            assert_eq!(choose(&candidates, attempt), expected, "{candidates:?}");
        }
    }
}
