//! What callers may spend, and what they have spent.

use rusqlite::{Connection, OptionalExtension as _};

use crate::database::{all, from_row, one, run};
use crate::ledger::{Ledger, LedgerError};
use crate::pricing::money::Money;

/// What a caller may spend, over all runs of a directory.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    pub images: Option<u64>,
    pub cost: Option<Money>,
}

/// Pictures, and what they cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    pub images: u64,
    /// `None` where the price is not known.
    pub cost: Option<Money>,
    pub currency: String,
}

/// What a caller has spent in a currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub images: u64,
    pub cost: Money,
    pub currency: String,
    /// How many of the pictures have no known price.
    pub unpriced: u64,
}

impl Ledger {
    /// What a caller has spent, by currency; what is under way counts at its worst.
    pub async fn spent(&self, caller: &str) -> Result<Vec<Spent>, LedgerError> {
        let caller = caller.to_owned();
        self.run(move |sql| spent(sql, &caller)).await
    }
}

fn spent(sql: &Connection, caller: &str) -> rusqlite::Result<Vec<Spent>> {
    let text =
        "SELECT images, cost, currency, unpriced FROM accounts WHERE caller = ? AND images > 0";
    all(sql, text, [caller], |row| {
        let cost = Money(row.get("cost")?);
        Ok(from_row!(row => Spent: images, currency, unpriced; cost = cost))
    })
}

/// Why an order is beyond a budget, if it is.
pub fn objection(
    sql: &Connection,
    caller: &str,
    budget: &Budget,
    worst: &Spending,
) -> rusqlite::Result<Option<String>> {
    if budget.images.is_none() && budget.cost.is_none() {
        return Ok(None);
    }
    let spent = spent(sql, caller)?;
    let images: u64 = spent.iter().map(|spent| spent.images).sum();
    if let Some(most) = budget.images
        && images.saturating_add(worst.images) > most
    {
        let asked = worst.images;
        let pictures = if most == 1 { "picture" } else { "pictures" };
        let are = if images == 1 { "is" } else { "are" };
        return Ok(Some(format!(
            "the budget is {most} {pictures}: {images} {are} spent, and this may make {asked} more"
        )));
    }
    let Some(most) = budget.cost else {
        return Ok(None);
    };
    let Some(cost) = worst.cost else {
        return Ok(Some(
            "the price of this model is not known, so that a budget can't be kept".to_owned(),
        ));
    };
    let currency = &worst.currency;
    if let Some(other) = spent.iter().find(|spent| &spent.currency != currency) {
        let (other, before) = (&other.currency, other.cost);
        return Ok(Some(format!(
            "a budget is in one currency: {before} {other} are spent, and this costs {currency}"
        )));
    }
    let before = spent.first().map_or(Money::default(), |spent| spent.cost);
    Ok((before.plus(cost) > most).then(|| {
        format!(
            "the budget is {most} {currency}: {before} are spent, and this may cost {cost} more"
        )
    }))
}

/// Adds to what a caller has spent, or takes off.
pub fn add(sql: &Connection, caller: &str, spending: &Spending, sign: i64) -> rusqlite::Result<()> {
    let images = i64::try_from(spending.images).unwrap_or(i64::MAX);
    let cost = spending.cost.map_or(0, |cost| cost.0);
    let unpriced = if spending.cost.is_some() { 0 } else { images };
    let text = "INSERT INTO accounts VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (caller, currency) DO UPDATE SET images = images + excluded.images,
            cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced";
    let (images, cost, unpriced) = (sign * images, sign * cost, sign * unpriced);
    let values = (caller, &spending.currency, images, cost, unpriced);
    run(sql, text, values)
}

/// What an order counts as.
pub fn of_order(sql: &Connection, seq: i64) -> rusqlite::Result<Option<(String, Spending)>> {
    let text = "SELECT caller, images, cost, currency FROM orders WHERE seq = ?";
    let found = one(sql, text, [seq], |row| {
        let cost: Option<i64> = row.get("cost")?;
        let cost = cost.map(Money);
        let spending = from_row!(row => Spending: images, currency; cost = cost);
        Ok((row.get("caller")?, spending))
    });
    found.optional()
}
