//! A typed client of a pet shop, made from the shop's Apifox project export.
//!
//! `cargo run` talks to a server in this process; `cargo run -- URL` to another.

mod server;

use std::error::Error;

use apifox_client::Client;
use apifox_runtime::File;

// A program rarely needs all of an API.
#[allow(dead_code)]
mod api {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

use api::pet_shop::{Status, get_pets, get_pets_pet_id, post_pets, post_pets_pet_id_photo};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = match std::env::args().nth(1) {
        Some(url) => url,
        None => server::start()?,
    };
    // The shop's document asks for no key.
    let client = Client::builder(url).build()?;

    // A body whose fields come from a model that is mixed in, but for its id.
    let new = post_pets::Request {
        kind: Some("cat".into()),
        ..post_pets::Request::new("咪咪".parse()?, Status::Available)
    };
    let reply = client.send(&new).await?;
    let cat = reply.typed()?;
    println!("new: {} is number {}", cat.name, cat.id);

    // A parameter in the path.
    let request = get_pets_pet_id::Request::new(get_pets_pet_id::Path::new(1.into()));
    let reply = client.send(&request).await?;
    println!("found: {}", serde_json::to_string(reply.typed()?)?);

    // Parameters in the query, one of them a list; each page is asked for when it is needed.
    let request = get_pets::Request {
        query: Some(get_pets::Query {
            tag: Some(vec!["small".into(), "白".into()]),
            ..get_pets::Query::new().status(get_pets::Status::Available)
        }),
    };
    let mut on_sale = client.pages(&request).items();
    while let Some(pet) = on_sale.next().await {
        println!("on sale: {}", pet?.name);
    }

    // A file in a form.
    let photo = post_pets_pet_id_photo::Request::new(
        post_pets_pet_id_photo::Path::new("1".parse()?),
        post_pets_pet_id_photo::Body::new(File::new(*b"\x89PNG\r\n\x1a\n").with_name("cat.png")),
    );
    println!("photo: HTTP {}", client.send(&photo).await?.status());

    // What breaks the document is not sent.
    let refused = serde_json::from_str::<post_pets::Request>(r#"{"name": "", "status": "lost"}"#);
    println!(
        "refused: {}",
        refused
            .err()
            .map_or_else(String::new, |error| error.to_string())
    );
    Ok(())
}
