//! A typed client of an image API that inkstone does not know, made from one page of its
//! documentation: FLUX over an OpenAI-compatible route.
//!
//! `cargo run` talks to a sandbox in this process, which answers as the same page says;
//! `cargo run -- URL` to another server, with the key in `FLUX_KEY`.

use std::error::Error;

use apifox_client::Client;
use inkstone_sandbox::Sandbox;

// A program rarely needs all of an API.
#[allow(dead_code)]
mod api {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

use api::flux::Request;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/flux.md");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = sandbox().await?;
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or_else(|| sandbox.url());
    let key = std::env::var("FLUX_KEY").unwrap_or_else(|_| "any".to_owned());
    let client = Client::builder(url).key(&key).build()?;
    let request = Request::new("a cat on a windowsill".to_owned(), "21:9".parse()?)
        .model("flux-kontext-pro")
        .n(2)?;
    let reply = client.send(&request).await?;
    println!("{} pictures", reply.typed()?.data.len());

    // What breaks the page's rules is not sent.
    let refused =
        serde_json::from_str::<Request>(r#"{"prompt": "a cat", "aspect_ratio": "1:9", "n": 11}"#);
    let why = refused
        .err()
        .map_or_else(String::new, |error| error.to_string());
    println!("refused: {why}");
    Ok(())
}

/// A server on this machine that answers as the page says.
async fn sandbox() -> Result<Sandbox, Box<dyn Error>> {
    let operation = apifox_review::select(PAGE.as_ref(), None);
    let operation = operation.map_err(|problems| problems.to_string())?;
    let builder = Sandbox::builder().document("flux", &operation.name, operation.document());
    Ok(builder.start().await?)
}
