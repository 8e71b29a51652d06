//! An S3 server for tests: `inkstone-s3-server DIRECTORY ONE_IN`. It prints its address, keeps
//! a bucket called `pictures` in the directory, and fails one request in so many, in turns:
//! before it is carried out, and after.

use std::convert::Infallible;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;

/// How far the clocks of whoever asks may be off, in seconds: real stores allow a quarter of an
/// hour, and tests are about workers whose clocks are hours apart.
const CLOCKS: u32 = 24 * 3600;

/// How many requests came.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(directory), Some(one_in)) = (args.next(), args.next()) else {
        return Err("inkstone-s3-server DIRECTORY ONE_IN".into());
    };
    let one_in: u64 = one_in.parse()?;
    std::fs::create_dir_all(Path::new(&directory).join("pictures"))?;
    let files = s3s_fs::FileSystem::new(&directory).map_err(|error| format!("{error:?}"))?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single("key", "secret"));
    let mut config = S3Config::default();
    config.presigned_url_max_skew_time_secs = CLOCKS;
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            let answering = service_fn(|request| answer(&service, request, one_in));
            let serving = hyper::server::conn::http1::Builder::new();
            // Whoever goes away comes again.
            let _ = serving
                .serve_connection(TokioIo::new(stream), answering)
                .await;
        });
    }
}

async fn answer(
    service: &S3Service,
    request: Request<Incoming>,
    one_in: u64,
) -> Result<Response<Body>, Infallible> {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    let fails = one_in > 0 && number % one_in == 0;
    if fails && (number / one_in) % 2 == 0 {
        return Ok(failed());
    }
    match service.call(request.map(Body::from)).await {
        Ok(reply) if !fails => Ok(reply),
        _ => Ok(failed()),
    }
}

fn failed() -> Response<Body> {
    let mut reply = Response::new(Body::from("at a loss".to_owned()));
    *reply.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    reply
}
