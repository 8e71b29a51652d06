//! async-openai: its `save`.

use std::path::Path;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::images::CreateImageRequestArgs;

use crate::common::Result;

pub fn save(url: &str, directory: &Path) -> Result<()> {
    // reqwest wants one, be it never used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let config = OpenAIConfig::new().with_api_base(url).with_api_key("none");
        let client = Client::with_config(config);
        let request = CreateImageRequestArgs::default().prompt("a cat").build()?;
        let reply = client.images().generate(request).await?;
        reply.save(directory).await?;
        Ok(())
    })
}
