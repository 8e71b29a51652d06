//! What of an order stays, and for how long.

use crate::database::by_name;

/// What of an order stays, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// A day after its answer it is forgotten, and its pictures are removed.
    Day,
    /// It is forgotten after a day, but its pictures stay.
    Pictures,
    /// It stays for as long as the ledger does, and so do its pictures.
    Order,
}

impl Retention {
    /// Whether its pictures stay.
    pub fn keeps_pictures(self) -> bool {
        self != Self::Day
    }

    fn find(name: &str) -> Option<Self> {
        let all = [Self::Day, Self::Pictures, Self::Order];
        all.into_iter().find(|own| own.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Pictures => "pictures",
            Self::Order => "order",
        }
    }
}

by_name!(Retention, None);
