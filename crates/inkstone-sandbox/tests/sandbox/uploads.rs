//! The temporary storage, and the regions that it is of.

use inkstone_sandbox::{Builder, Sandbox};
use serde_json::{Value, json};

use crate::support::http::{DASHSCOPE, FORM, Field, Reply, form, post, send};
use crate::{documents, serving};

const KEY: (&str, &str) = ("Authorization", "Bearer sk-east");
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n...";
const RESOLVE: (&str, &str) = ("X-DashScope-OssResourceResolve", "enable");

fn builder() -> Builder {
    let wanted = [
        "uploads",
        "upload-file",
        "qwen-image-3.0",
        "qwen-image-edit-plus",
    ];
    let mut documents = documents();
    documents.retain(|document| wanted.contains(&document.name.as_str()));
    serving(documents)
}

/// The sandbox with two regions.
async fn sandbox() -> Sandbox {
    let builder = builder()
        .region("east", "sk-east")
        .region("west", "sk-west");
    builder.start().await.unwrap()
}

/// The policy that a region has for a model.
async fn policy(sandbox: &Sandbox, region: &str, model: &str) -> Value {
    let path = format!("{region}/api/v1/uploads?action=getPolicy&model={model}");
    let key = if region == "/west" {
        ("Authorization", "Bearer sk-west")
    } else {
        KEY
    };
    let reply = send(sandbox, "GET", &path, &[key], "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["data"].clone()
}

/// Sends a file by a policy, with one field changed.
async fn upload(
    sandbox: &Sandbox,
    (policy, region): (&Value, &str),
    name: &str,
    (changed, value): (&str, &str),
    headers: &[(&str, &str)],
) -> (Reply, String) {
    let key = format!("{}/{name}", policy["upload_dir"].as_str().unwrap());
    let text = |name: &str| policy[name].as_str().unwrap().to_owned();
    let mut fields = vec![
        ("OSSAccessKeyId", text("oss_access_key_id")),
        ("Signature", text("signature")),
        ("policy", text("policy")),
        ("key", key.clone()),
    ];
    for (name, content) in &mut fields {
        if *name == changed {
            *content = value.to_owned();
        }
    }
    let file = match changed {
        "file" => value.as_bytes(),
        _ => PNG,
    };
    let texts = fields.iter();
    let mut fields: Vec<Field<'_>> = texts
        .map(|(name, content)| (*name, None, content.as_bytes()))
        .collect();
    fields.push(("file", Some("a.png"), file));
    let headers = [&[FORM], headers].concat();
    let reply = post(sandbox, &format!("{region}/"), &headers, form(&fields)).await;
    (reply, key)
}

/// Asks a region for a picture that is made of one in the storage.
async fn edit(
    sandbox: &Sandbox,
    region: &str,
    model: &str,
    key: &str,
    headers: &[(&str, &str)],
) -> Reply {
    let content = json!([{"image": format!("oss://{key}")}, {"text": "a hat"}]);
    let body =
        json!({"model": model, "input": {"messages": [{"role": "user", "content": content}]}});
    let path = format!("{region}{DASHSCOPE}");
    post(sandbox, &path, headers, body.to_string()).await
}

const SAME: (&str, &str) = ("", "");

#[tokio::test]
async fn a_file_is_good_for_its_model_and_its_region() {
    let sandbox = sandbox().await;
    let model = "qwen-image-3.0";
    let allowed = policy(&sandbox, "/east", model).await;
    assert_eq!(allowed["upload_host"], format!("{}/east", sandbox.url()));
    let (reply, key) = upload(&sandbox, (&allowed, "/east"), "a.png", SAME, &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let made = edit(&sandbox, "/east", model, &key, &[KEY, RESOLVE]).await;
    assert_eq!(made.status, 200, "{}", made.text());

    let west = ("Authorization", "Bearer sk-west");
    let elsewhere = "the file was uploaded for another model or in another region";
    let cases = [
        (
            "/east",
            model,
            key.as_str(),
            vec![KEY],
            "needs the header X-DashScope-OssResourceResolve: enable",
        ),
        (
            "/east",
            "qwen-image-edit-plus",
            &key,
            vec![KEY, RESOLVE],
            elsewhere,
        ),
        ("/west", model, &key, vec![west, RESOLVE], elsewhere),
        ("", model, &key, vec![KEY, RESOLVE], elsewhere),
        (
            "/east",
            model,
            "instant/none/a.png",
            vec![KEY, RESOLVE],
            "there is no such file, or no more",
        ),
    ];
    for (region, model, key, headers, why) in cases {
        let refused = edit(&sandbox, region, model, key, &headers).await;
        assert_eq!(refused.status, 400, "{why}: {}", refused.text());
        assert!(refused.message().contains(why), "{why}: {}", refused.text());
    }
    assert_eq!(sandbox.stats().submitted, 1);
}

#[tokio::test]
async fn a_form_that_its_policy_does_not_allow_is_refused() {
    let sandbox = sandbox().await;
    let allowed = policy(&sandbox, "/east", "qwen-image-3.0").await;
    let other = policy(&sandbox, "/east", "qwen-image-3.0").await;
    let cases = [
        ("Signature", "x", "the signature is not that of the policy"),
        (
            "policy",
            other["policy"].as_str().unwrap(),
            "the signature is not that of the policy",
        ),
        (
            "key",
            "elsewhere/a.png",
            "the policy does not allow this key",
        ),
        ("file", "text", "the file is not a picture"),
    ];
    for (field, value, why) in cases {
        let (reply, _) = upload(&sandbox, (&allowed, "/east"), "a.png", (field, value), &[]).await;
        let is_refused = reply.status == 403 || field == "file" && reply.status == 400;
        assert!(is_refused, "{field}: {}", reply.text());
        assert!(
            field == "file" || reply.message().contains(why),
            "{field}: {}",
            reply.text()
        );
    }
    // In another region, with the key of the API, and a second time.
    let (reply, _) = upload(&sandbox, (&allowed, "/west"), "a.png", SAME, &[]).await;
    assert_eq!(reply.status, 403, "{}", reply.text());
    let (reply, _) = upload(&sandbox, (&allowed, "/east"), "a.png", SAME, &[KEY]).await;
    assert_eq!(reply.status, 403, "{}", reply.text());
    for status in [200, 403] {
        let (reply, _) = upload(&sandbox, (&allowed, "/east"), "a.png", SAME, &[]).await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
}

#[tokio::test]
async fn a_region_takes_its_own_key_alone() {
    let sandbox = sandbox().await;
    assert_eq!(
        sandbox.region_url("east"),
        format!("{}/east", sandbox.url())
    );
    let body = json!({"model": "qwen-image-3.0", "input": {"messages": [
        {"role": "user", "content": [{"text": "a cat"}]},
    ]}});
    for (region, key, status) in [
        ("/east", "Bearer sk-east", 200),
        ("/west", "Bearer sk-east", 401),
        ("/west", "Bearer sk-west", 200),
        ("", "Bearer anything", 200),
        ("/north", "Bearer sk-east", 404),
        ("/eastern", "Bearer sk-east", 404),
    ] {
        let path = format!("{region}{DASHSCOPE}");
        let reply = post(&sandbox, &path, &[("Authorization", key)], body.to_string()).await;
        assert_eq!(reply.status, status, "{region} {key}: {}", reply.text());
        if status == 401 {
            assert_eq!(reply.json()["code"], "InvalidApiKey");
        }
    }
}
