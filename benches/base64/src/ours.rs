//! inkstone: as its program does it, or with the whole reply in memory.

use std::path::Path;

use inkstone::Client;
use inkstone::gateway::wan2_7_image_pro::Request;

use crate::common::Result;

pub fn save(url: &str, directory: &Path, spool: Option<&Path>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let builder = Client::builder(url).key("none");
        let client = builder.spool(spool.map(Path::to_owned)).build()?;
        let reply = client.send(&Request::new("a cat".parse()?)).await?;
        for image in reply.images() {
            client.save(&image, directory, "cat").await?;
        }
        Ok(())
    })
}
