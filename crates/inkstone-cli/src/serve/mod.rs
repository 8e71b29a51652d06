//! `inkstone serve`: the images API of OpenAI on this machine, over the APIs of this program.
//!
//! [`listener`] takes connections, [`route`] says what a request is for and whether it may
//! be answered, [`images`] makes an order of it, and [`openai`] reads requests and writes
//! replies as OpenAI's libraries expect them. [`callers`] has the keys. What keeps an order
//! from being submitted twice is the ledger.

pub mod api_error;
pub mod callers;
pub mod http;
mod images;
pub mod listener;
mod models;
mod open_files;
mod openai;
mod pictures;
mod receipt;
pub mod reply;
mod route;
mod server;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tr::tr;

use crate::args::servers::serve::ServeArgs;
use crate::client::runtime;
use crate::console;
use crate::error::CliError;
use crate::language::for_user;
use crate::ledger::account::Budget;
use crate::ledger::retention::Retention;
use crate::orders::start::Preparation;
use crate::serve::callers::Callers;
use crate::serve::http::own_host::OwnNames;
use crate::serve::http::request_body::Room;
use crate::serve::server::Server;

pub fn run(args: &ServeArgs) -> Result<(), CliError> {
    let budget = Budget {
        images: args.max_images,
        cost: args.max_cost,
    };
    if let (Some(file), Some(name)) = (&args.keys, &args.add_key) {
        console::line(&callers::add(file, name, &budget)?)?;
        console::hint(&tr!(
            "a server that runs with this file knows the key once it is started again"
        ));
        return Ok(());
    }
    let retention = match args.keep {
        true => Retention::Pictures,
        false => Retention::Day,
    };
    let (callers, key) = find_callers(args, budget)?;
    let orders = Preparation::new(&args.orders)?;
    let public_host = args.public_url.as_ref().map(|url| &url.host);
    runtime::run(async {
        let listener = listen(args.listen).await?;
        let started = orders.start(args.window, retention).await?;
        let server = Arc::new(Server {
            dispatcher: started.dispatcher.clone(),
            callers,
            names: OwnNames(args.host.iter().chain(public_host).cloned().collect()),
            room: Room::default(),
            public_url: args.public_url.as_ref().map(|url| url.text.clone()),
        });
        announce(&server, &listener, key.as_deref())?;
        listener::serve(&server, listener, args.orders.grace).await;
        Ok(())
    })
}

/// Who may order, and the key that was made for this run.
fn find_callers(args: &ServeArgs, budget: Budget) -> Result<(Callers, Option<String>), CliError> {
    if let Some(file) = &args.keys {
        if budget.cost.is_some() || budget.images.is_some() {
            let message = tr!("--max-cost and --max-images are for the key of --add-key");
            let hint = tr!("each key of the file has its own: max_cost, max_images");
            return Err(CliError::usage(message).hint(hint));
        }
        return Ok((Callers::read(file)?, None));
    }
    if !args.listen.ip().is_loopback() {
        let address = args.listen;
        let message = tr!("{address} can be reached from other machines", address);
        return Err(CliError::usage(message).hint(tr!("give each caller a key: see --keys")));
    }
    if args.orders.sandbox {
        return Ok((Callers::any(budget), None));
    }
    let key = callers::new_key()?;
    Ok((Callers::one(&key, budget), Some(key)))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|error| {
        CliError::usage(tr!("can't listen on {address}: {error}", address, error)).hint(tr!(
            "give another address and port with --listen; port 0 takes a free one"
        ))
    })
}

/// Prints where it listens, and the key that was made.
fn announce(server: &Server, listener: &TcpListener, key: Option<&str>) -> Result<(), CliError> {
    let address = listener.local_addr().map_err(|error| {
        for_user(|| CliError::usage(tr!("the address is not known: {error}", error)))
    })?;
    console::line(&format!("http://{address}/v1"))?;
    if let Some(key) = key {
        console::line(key)?;
    }
    let apis: Vec<_> = server.dispatcher.targets.names().collect();
    let apis = apis.join(", ");
    let url = match &server.public_url {
        Some(url) => url.clone(),
        None => format!("http://{address}"),
    };
    console::hint(&for_user(|| {
        tr!(
            "requests go to {apis}; export OPENAI_BASE_URL={url}/v1",
            apis,
            url
        )
    }));
    Ok(())
}
