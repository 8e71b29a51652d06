//! A call that is dropped at any moment: it is submitted once at most, and what it
//! was writing is gone or whole under its name.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::call::{Before, Call};
use crate::play::{files, is_whole, patient, sandbox};

/// Waits for the thread that was giving a picture its name.
async fn settle(directory: &Path) {
    for _ in 0..1000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        if files(directory)
            .iter()
            .all(|(name, _)| !name.starts_with('.'))
        {
            return;
        }
    }
}

/// How many moments of each call.
const MOMENTS: u32 = 40;

/// How long a call takes that is left alone, about.
const WHOLE: Duration = Duration::from_millis(40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_dropped_leaves_nothing_half_done() {
    let sandbox = sandbox().await;
    let client = patient(sandbox.url());
    // Each reply takes its time, so that moments within it are hit as well.
    let drip = json!({"on": "any", "drip": {"bytes": 100, "every": 2}, "times": "always"});
    sandbox.script(&drip).expect("a step");
    let mut random = fastrand::Rng::with_seed(7);
    let mut ended = 0;
    for call in Call::ALL {
        let prepared = call.prepare(&client).await;
        for _ in 0..MOMENTS {
            let directory = tempfile::tempdir().expect("a directory");
            let before = sandbox.stats().submitted;
            let moment = WHOLE.mul_f64(random.f64());
            let making = call.make(&client, &prepared, directory.path());
            let made = tokio::time::timeout(moment, making).await;
            ended += u32::from(made.is_ok());
            settle(directory.path()).await;
            let submitted = sandbox.stats().submitted - before;
            let is_new = matches!(prepared, Before::Nothing);
            assert!(
                submitted <= u64::from(is_new),
                "{call:?}, {moment:?}: {submitted}"
            );
            for (name, bytes) in files(directory.path()) {
                assert_eq!((call, name.as_str()), (Call::Save, "cat.png"), "{moment:?}");
                assert!(
                    is_whole(&bytes),
                    "{call:?}, {moment:?}: {} bytes",
                    bytes.len()
                );
            }
        }
    }
    let all = MOMENTS * u32::try_from(Call::ALL.len()).expect("a few");
    assert!(
        ended > 0 && ended < all,
        "{ended} of {all} came to their ends"
    );
}
