//! A typed client of a lending library, whose errors, headers and effects are its own.

mod library;
mod server;

use std::error::Error;

use apifox_client::Client;

#[allow(dead_code)]
mod api {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

use api::library::{borrow, renew};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = server::start()?;
    let client = Client::builder(url).api(library::Library).build()?;

    // All hands are busy at first.
    let loan = client.send(&borrow::Request::new("Emma".parse()?)).await?;
    println!(
        "lent until {} after {} attempts",
        loan.typed()?.due,
        loan.attempts()
    );

    // The connection breaks, but a renewal may be sent again.
    let request = renew::Request::new(renew::Path::new(7.into()));
    let loan = client.send(&request).await?;
    println!(
        "renewed until {} after {} attempts",
        loan.typed()?.due,
        loan.attempts()
    );

    // The error body of this operation is a type as well.
    let refused = client.send(&borrow::Request::new("Ulysses".parse()?)).await;
    let error = refused.err().ok_or("the book is lent")?;
    let shelf = error.typed().and_then(|problem| problem.shelf.clone());
    println!("{error}; shelf {}", shelf.unwrap_or_default());
    Ok(())
}
