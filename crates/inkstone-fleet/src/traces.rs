//! Traces of what workers do, by OTLP: off unless the environment names a collector.

use std::env;
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Layer;

use crate::error::Error;

/// The variables that name a collector.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
];

/// What of a program's spans is sent: those of batches, which name no key and no prompt.
const TARGET: &str = "inkstone::fleet";

/// How long a collector may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long the end of a program waits for what is still to be sent.
const FAREWELL: Duration = Duration::from_secs(5);

/// A layer for [`tracing_subscriber`].
pub type TraceLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Traces on their way to a collector. When this is dropped, the last of them are sent.
pub struct Traces {
    provider: SdkTracerProvider,
    /// Ends the thread that sends.
    _end: oneshot::Sender<()>,
}

impl Traces {
    /// Sends spans with the target `inkstone::fleet` to the collector that
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` names, as OTLP in JSON; other variables of OpenTelemetry's
    /// specification count as well. `None` where none is named, or `OTEL_SDK_DISABLED` is true.
    ///
    /// # Errors
    ///
    /// If what the environment says can't be used.
    pub fn start() -> Option<Result<(Self, TraceLayer), Error>> {
        let is_named = |name: &&str| env::var(name).is_ok_and(|value| !value.trim().is_empty());
        let is_disabled =
            env::var("OTEL_SDK_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true"));
        if is_disabled || !ENDPOINTS.iter().any(is_named) {
            return None;
        }
        let refused = |error: &dyn std::fmt::Display| {
            Error::Refused(format!("no traces can be sent: {error}"))
        };
        Some(Self::begin().map_err(|error| refused(&error)))
    }

    fn begin() -> Result<(Self, TraceLayer), HttpError> {
        // It may be installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (sender, end) = Sender::start()?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpJson)
            .with_http_client(sender)
            .build()?;
        let mut resource = Resource::builder();
        if env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("inkstone");
        }
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_batch_exporter(exporter)
            .build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("inkstone"))
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO));
        let traces = Self {
            provider,
            _end: end,
        };
        Ok((traces, layer.boxed()))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // Nobody can be told that the last of them are lost.
        let _ = self.provider.shutdown_with_timeout(FAREWELL);
    }
}

/// Sends on a thread of its own, which works whatever the program waits for.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

impl Sender {
    /// It works until what it returns is dropped.
    fn start() -> Result<(Self, oneshot::Sender<()>), HttpError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name("traces".to_owned());
        thread.spawn(move || {
            // An error says that it was dropped.
            let _ = runtime.block_on(ended);
        })?;
        let sender = Self {
            client: reqwest::Client::builder().timeout(TIMEOUT).build()?,
            runtime: handle,
        };
        Ok((sender, end))
    }
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sending = self.runtime.spawn(async move {
            let request = reqwest::Request::try_from(request)?;
            let reply = client.execute(request).await?;
            let mut response = Response::builder().status(reply.status());
            if let Some(headers) = response.headers_mut() {
                headers.clone_from(reply.headers());
            }
            Ok(response.body(reply.bytes().await?)?)
        });
        sending.await?
    }
}
