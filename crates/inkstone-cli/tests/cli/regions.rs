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

/// Runs in the environment of a user who has set these, without a key.
fn planned(variables: &[(&str, &str)], args: &[&str]) -> Run {
    let mut command = command::bare();
    command::run(command.envs(variables.iter().copied()).args(args))
}

/// A dry run refuses the address that the call would be refused for, in the same words, and
/// prints no price of elsewhere.
#[test]
fn a_dry_run_refuses_an_address_that_nothing_can_be_sent_to() {
    let unknown = |name: &str| {
        format!(
            "error: there is no region {name:?}: choose one of cn-beijing, ap-southeast-1, \
             us-east-1, cn-hongkong, eu-central-1, ap-northeast-1\n\
             hint: see --region and --workspace\n"
        )
    };
    let see = |problem: &str| {
        let hint = "see --base-url, --region and --allow-http in `inkstone COMMAND --help`";
        format!("error: {problem}\nhint: {hint}\n")
    };
    let directory = tempfile::tempdir().unwrap();
    let jobs = directory.path().join("jobs.jsonl");
    let body = json!({
        "model": "qwen-image-2.0",
        "input": {"messages": [{"role": "user", "content": [{"text": "a"}]}]},
    });
    let job = json!({"id": "a", "api": "dashscope", "request": body});
    std::fs::write(&jobs, job.to_string()).unwrap();
    let no_url = "the base URL \"not a url\" is not a URL: relative URL without a base";
    let plain = "plain http to a would show the key to the network: use https, or allow http";
    let cases = [
        (None, Some("--region=mars-1"), unknown("mars-1")),
        (None, Some("--region=北京"), unknown("北京")),
        (
            Some(("DASHSCOPE_REGION", "nowhere")),
            None,
            unknown("nowhere"),
        ),
        (Some(("DASHSCOPE_BASE_URL", "not a url")), None, see(no_url)),
        (None, Some("--base-url=http://a"), see(plain)),
    ];
    let generate = ["generate", "a", "--dry-run", "--api=dashscope"];
    let batch = ["batch", jobs.to_str().unwrap(), "--dry-run", "--out=out"];
    for (variable, flag, said) in &cases {
        for command in [&generate[..], &batch] {
            let args: Vec<&str> = command.iter().copied().chain(*flag).collect();
            let said = said.replace("COMMAND", command[0]);
            planned(variable.as_slice(), &args).ended(2, "", &said);
        }
    }
    let nowhere = [("DASHSCOPE_REGION", "nowhere")];
    let run = planned(&nowhere, &[&batch[..], &["--sandbox"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
}

#[test]
fn a_region_without_a_price_is_named() {
    let args = [
        "generate",
        "a",
        "--dry-run",
        "--api=dashscope",
        "--region=ap-southeast-1",
    ];
    let run = planned(&[], &args);
    let cost = "cost: unknown, for the price list has no price of this model in ap-southeast-1\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, cost), "{run:#?}");
    let run = planned(
        &[],
        &[
            &args[..],
            &["--model=qwen-image-2.1-pro", "--size=1024*1024"],
        ]
        .concat(),
    );
    let cost = "cost: unknown, for the price list does not have this model\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, cost), "{run:#?}");
}
