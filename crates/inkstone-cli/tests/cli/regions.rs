//! Two regions, each with a key of its own.

use serde_json::json;

use crate::support::command::{self, KEY, Run};
use crate::support::served::Served;

fn generate(served: &Served, region: &str, named: Option<&str>) -> Run {
    let out = tempfile::tempdir().unwrap();
    let url = format!("{}/{region}", served.url);
    let named = named.map(|name| format!("--region={name}"));
    let mut more = vec!["--api=dashscope", "--model=qwen-image-2.0"];
    more.extend(named.as_deref());
    command::generate(&url, out.path(), &more)
}

#[test]
fn a_key_of_another_region_is_refused_and_the_refusal_says_so() {
    let own = format!("ap-southeast-1={KEY}");
    let flags = ["--region", "cn-beijing=sk-other", "--region", &own];
    let served = Served::with_flags(&json!([]), &flags);
    let run = generate(&served, "ap-southeast-1", Some("ap-southeast-1"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let run = generate(&served, "cn-beijing", Some("cn-beijing"));
    assert_eq!(run.code, 5, "{run:#?}");
    let said =
        "Invalid API-key provided. (a key belongs to one region, and this was sent to cn-beijing)";
    assert!(run.stderr.contains(said), "{run:#?}");
    // Whose region is not known may be one or the other.
    let run = generate(&served, "cn-beijing", None);
    assert_eq!(run.code, 5, "{run:#?}");
    assert!(!run.stderr.contains("one region"), "{run:#?}");
    assert_eq!(served.stats()["submitted"], 1);
}
