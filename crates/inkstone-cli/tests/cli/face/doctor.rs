//! `inkstone doctor`.

use crate::support::command::{bare, run, with_keys};
use crate::support::served::Served;
use crate::support::server::{always, raw_reply, reply};

#[test]
fn a_healthy_setting_is_told_line_by_line_and_nothing_is_submitted() {
    let served = Served::with(&serde_json::json!([]));
    let out = tempfile::tempdir().unwrap();
    let mut command = with_keys();
    command.arg("doctor").arg("--out").arg(out.path());
    command
        .env("INKSTONE_BASE_URL", &served.url)
        .env("DASHSCOPE_BASE_URL", &served.url);
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(proxy);
    }
    let run = run(&mut command);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    for part in [
        format!("ok     gateway address: {}\n", served.url),
        "ok     gateway key: INKSTONE_API_KEY is set, 20 characters\n".to_owned(),
        "ok     dashscope network: it answers, and takes the key\n".to_owned(),
        "ok     proxy: none is set\n".to_owned(),
        format!("ok     disk: {} can be written to", out.path().display()),
    ] {
        assert!(run.stdout.contains(&part), "{part}: {run:#?}");
    }
    assert_eq!(served.stats()["submitted"], 0);
}

/// A command without a sandbox names none.
#[test]
fn a_hint_names_what_the_command_has() {
    let out = tempfile::tempdir().unwrap();
    let doctor = |api: &str| {
        let mut command = bare();
        command
            .args(["doctor", "--api", api, "--out"])
            .arg(out.path());
        let told = run(&mut command).stdout;
        told.lines().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let gateway = [
        "wrong  gateway: the address of the gateway is not known: INKSTONE_BASE_URL is not set",
        "       give it with --base-url https://… or in INKSTONE_BASE_URL",
    ];
    assert_eq!(doctor("gateway"), gateway);
    let dashscope = [
        "wrong  dashscope: no key: the environment variable DASHSCOPE_API_KEY is not set",
        "       export DASHSCOPE_API_KEY=…",
    ];
    assert_eq!(doctor("dashscope"), dashscope);
    let generate = run(bare().args(["generate", "a", "--api=dashscope", "--model=qwen-image-2.0"]));
    let hint = "hint: export DASHSCOPE_API_KEY=…; or try --sandbox, which needs no key\n";
    assert!(generate.stderr.ends_with(hint), "{generate:#?}");
}

#[test]
fn what_is_wrong_has_its_exit_code_and_its_hint() {
    let out = tempfile::tempdir().unwrap();
    let doctor = |url: Option<&str>, api: &str, has_key: bool| {
        let mut command = if has_key { with_keys() } else { bare() };
        command
            .args(["doctor", "--api", api, "--out"])
            .arg(out.path());
        if let Some(url) = url {
            command.args(["--base-url", url]);
        }
        run(&mut command)
    };
    let none = doctor(None, "gateway", true);
    assert_eq!(none.code, 2, "{none:#?}");
    assert!(
        none.stdout
            .starts_with("wrong  gateway: the address of the gateway is not known"),
        "{none:#?}"
    );
    assert_eq!(doctor(Some("http://127.0.0.1:1"), "gateway", false).code, 5);
    let closed = doctor(Some("http://127.0.0.1:1"), "gateway", true);
    assert_eq!(closed.code, 8, "{closed:#?}");
    assert!(
        closed.stdout.contains("127.0.0.1:1 can't be reached: "),
        "{closed:#?}"
    );
    let refused = r#"{"code":"InvalidApiKey","message":"no","request_id":"r"}"#;
    let refused = doctor(
        Some(&always(reply(401, "application/json", refused))),
        "dashscope",
        true,
    );
    assert_eq!(refused.code, 5, "{refused:#?}");
    let old = [
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("content-type", "application/json"),
    ];
    let off = doctor(
        Some(&always(raw_reply("200 OK", &old, br#"{"data":[]}"#))),
        "dashscope",
        true,
    );
    assert_eq!(off.code, 0, "{off:#?}");
    assert!(
        off.stdout.contains("note   clock: ")
            && off.stdout.contains(" seconds off that of the API"),
        "{off:#?}"
    );
    let json = run(with_keys()
        .args([
            "doctor",
            "--json",
            "--api=gateway",
            "--base-url=http://127.0.0.1:1",
            "--out",
        ])
        .arg(out.path()));
    assert_eq!(
        (json.json()["usable"].as_bool(), json.code),
        (Some(false), 8)
    );
}

#[test]
fn the_network_is_tried_as_requests_go() {
    let proxy = always(reply(200, "text/plain", "a proxy"));
    let out = tempfile::tempdir().unwrap();
    let later = out.path().join("later");
    let doctor = |name: &str, value: &str| {
        let mut command = with_keys();
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
        ] {
            command.env_remove(name);
        }
        command
            .args([
                "doctor",
                "--api=gateway",
                "--base-url=https://a.invalid",
                "--out",
            ])
            .arg(&later)
            .env(name, value);
        run(&mut command)
    };
    let cases = [
        (
            "ALL_PROXY",
            proxy.replace("http:", "socks5:"),
            0,
            "ok     proxy: ALL_PROXY names ",
        ),
        (
            "HTTPS_PROXY",
            proxy.clone(),
            0,
            "can be reached; whether it leads to a.invalid, only",
        ),
        (
            "HTTPS_PROXY",
            "http://127.0.0.1:1".to_owned(),
            8,
            "wrong  gateway network: the proxy http://127.0.0.1:1 can't be reached: ",
        ),
        (
            "HTTPS_PROXY",
            "nonsense:::1".to_owned(),
            8,
            "note   proxy: HTTPS_PROXY names nonsense:::1, which is no proxy: requests go \
             without one\n       write it as http://HOST:PORT or socks5://HOST:PORT\n",
        ),
    ];
    for (name, value, code, part) in cases {
        let run = doctor(name, &value);
        assert_eq!(run.code, code, "{value}: {run:#?}");
        assert!(run.stdout.contains(part), "{value}: {run:#?}");
    }
    assert!(!later.exists(), "a check makes no directory");
}
