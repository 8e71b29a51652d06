//! Long pictures leave a reply for files as they come, and nothing of it is lost.

use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use inkstone::{Client, Error, Retries, Source, Stage};
use tempfile::TempDir;
use test_data::files::names;
use test_data::pictures::of_length as picture;

use crate::server::{Act, Server, http, reply};
use crate::{KEY, cat};

fn body(pictures: &[String]) -> String {
    let items: Vec<_> = pictures
        .iter()
        .map(|it| format!(r#"{{"url":"","b64_json":"{it}","revised_prompt":""}}"#))
        .collect();
    format!(r#"{{"created":1,"data":[{}]}}"#, items.join(", "))
}

struct Setting {
    server: Server,
    client: Client,
    spool: TempDir,
}

async fn setting(act: Act) -> Setting {
    let spool = tempfile::tempdir().expect("a directory");
    let server = Server::start(vec![act]).await;
    let builder = Client::builder(&server.url).key(KEY);
    let builder = builder
        .retries(Retries::none())
        .spool(spool.path().to_owned());
    Setting {
        client: builder.build().expect("a client"),
        server,
        spool,
    }
}

/// All that an error says came.
fn all_of(error: &Error) -> String {
    let mut whole = Vec::new();
    error.write_body(&mut whole).expect("written");
    String::from_utf8(whole).expect("UTF-8")
}

#[tokio::test]
async fn pictures_are_files_before_they_are_saved() {
    let pictures = [picture(1, 300_000), picture(2, 70_001), picture(3, 40_000)];
    let encoded: Vec<_> = pictures.iter().map(|it| STANDARD.encode(it)).collect();
    let body = body(&encoded);
    let it = setting(reply("200 OK", &body)).await;
    let reply = it.client.send(&cat()).await.expect("a reply");
    assert!(reply.deviations().is_empty(), "{:?}", reply.deviations());
    // The third is short enough to stay.
    assert_eq!(reply.spooled().len(), 2);
    assert!(reply.body().len() < 60_000);
    let mut whole = Vec::new();
    reply.write_body(&mut whole).expect("written");
    assert!(whole == body.as_bytes());

    let out = tempfile::tempdir().expect("a directory");
    let images = reply.images();
    for (number, image) in images.iter().enumerate() {
        assert_eq!(image.pointer, format!("/data/{number}/b64_json"));
        let bytes = it.client.bytes(image).await.expect("bytes");
        assert!(bytes == pictures[number]);
        for _ in 0..2 {
            let saved = it
                .client
                .save(image, out.path(), "cat")
                .await
                .expect("saved");
            assert!(fs::read(&saved).expect("a file") == pictures[number]);
        }
    }
    assert_eq!(names(out.path()).len(), 6);
    assert!(names(out.path()).contains(&"cat-6.png".to_owned()));
    assert_eq!(names(it.spool.path()).len(), 2);
    drop((reply, images));
    assert!(names(it.spool.path()).is_empty());
    assert_eq!(names(out.path()).len(), 6);
}

#[tokio::test]
async fn pictures_in_any_base64_are_saved() {
    let bytes = picture(0xff, 100_000);
    let plain = STANDARD.encode(&bytes);
    let lines: Vec<_> = plain.as_bytes().chunks(76).collect();
    let lines = String::from_utf8(lines.join(&b"\\r\\n"[..])).expect("ASCII");
    let forms = [
        (lines, false),
        (plain.trim_end_matches('=').to_owned(), false),
        (plain.replace('/', "\\/"), true),
        (format!("data:image\\/png;base64,{plain}"), true),
    ];
    assert!(plain.contains('/') && plain.ends_with('='));
    for (form, is_decoded) in forms {
        let it = setting(reply("200 OK", &body(&[form]))).await;
        let reply = it.client.send(&cat()).await.expect("a reply");
        let image = reply.images().remove(0);
        assert!(
            matches!(&image.source, Source::Spooled(spooled) if spooled.is_decoded() == is_decoded)
        );
        let saved = it
            .client
            .save(&image, it.spool.path(), "cat")
            .await
            .expect("saved");
        assert!(fs::read(&saved).expect("a file") == bytes);
        assert!(it.client.bytes(&image).await.expect("bytes") == bytes);
    }
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_kept_with_its_pictures() {
    let encoded = [picture(1, 90_000), picture(2, 90_000)].map(|it| STANDARD.encode(it));
    let body = body(&encoded);
    let whole = http("200 OK", "", &body);
    let head = whole.len() - body.len();
    // In the first picture, at its end, in the second, and where no group is whole.
    for length in [
        20,
        70_000,
        99_999,
        120_040,
        130_000,
        200_001,
        200_002,
        200_003,
        body.len() - 1,
    ] {
        let it = setting(Act::Send(whole[..head + length].to_vec())).await;
        let error = it.client.send(&cat()).await.expect_err("broken off");
        assert_eq!(error.stage(), Stage::OutcomeUnknown);
        assert!(error.may_have_been_billed());
        assert!(
            error.to_string().contains(&format!("after {length} bytes")),
            "{error}"
        );
        assert!(all_of(&error) == body[..length], "{length}");
        let count = [65_600, 185_700].iter().filter(|it| length > **it).count();
        assert_eq!(error.spooled().len(), count, "{length}");
        assert!(error.spooled().iter().all(|it| it.path().is_file()));
        drop(error);
        assert!(names(it.spool.path()).is_empty());
        assert_eq!(it.server.count(), 1);
    }
}

#[tokio::test]
async fn a_reply_that_stalls_is_kept_with_its_pictures_and_one_given_up_leaves_none() {
    let body = body(&[STANDARD.encode(picture(1, 90_000))]);
    let whole = http("200 OK", "", &body);
    let part = whole[..whole.len() - 20_000].to_vec();
    let it = setting(Act::Hold(part)).await;
    let client = it.client.with_deadline(Duration::from_millis(500));
    let error = client.send(&cat()).await.expect_err("late");
    assert!(
        error
            .to_string()
            .starts_with("the deadline of 500ms passed after 1"),
        "{error}"
    );
    assert!(all_of(&error) == body[..body.len() - 20_000]);
    drop(error);

    let cat = cat();
    let sending = it.client.send(&cat);
    let dropped = tokio::time::timeout(Duration::from_millis(500), sending).await;
    assert!(dropped.is_err());
    assert!(names(it.spool.path()).is_empty());
}

#[tokio::test]
async fn what_is_no_picture_is_not_saved_and_not_lost() {
    let encoded = STANDARD.encode(vec![b'x'; 100_000]);
    let garbage = "?".repeat(100_000);
    let body = body(&[encoded, garbage]);
    let it = setting(reply("200 OK", &body)).await;
    let reply = it.client.send(&cat()).await.expect("a reply");
    let messages = [
        "what came is not a picture: xxx",
        "the picture in the reply is not base64: ",
    ];
    let out = tempfile::tempdir().expect("a directory");
    for (image, message) in reply.images().iter().zip(messages) {
        let error = it
            .client
            .save(image, out.path(), "cat")
            .await
            .expect_err(message);
        assert_eq!(error.stage(), Stage::Download);
        assert!(error.to_string().starts_with(message), "{error}");
    }
    assert!(names(out.path()).is_empty());
    let mut whole = Vec::new();
    reply.write_body(&mut whole).expect("written");
    assert!(whole == body.as_bytes());
}

#[tokio::test]
async fn what_is_too_large_is_not_saved() {
    let body = body(&[STANDARD.encode(picture(1, 90_000))]);
    let it = setting(reply("200 OK", &body)).await;
    let limits = inkstone::Downloads::new().max_bytes(89_999);
    let builder = Client::builder(&it.server.url).key(KEY).downloads(limits);
    let client = builder
        .spool(it.spool.path().to_owned())
        .build()
        .expect("a client");
    let reply = client.send(&cat()).await.expect("a reply");
    let image = reply.images().remove(0);
    for error in [
        client
            .save(&image, it.spool.path(), "cat")
            .await
            .expect_err("too large"),
        client.bytes(&image).await.expect_err("too large"),
    ] {
        assert_eq!(
            error.to_string(),
            "the picture is too long: 89999 bytes are allowed"
        );
    }
}

#[tokio::test]
async fn refusals_and_replies_nobody_spools_stay_in_memory() {
    let body = body(&[STANDARD.encode(picture(1, 90_000))]);
    let it = setting(reply("500 Oh", &body)).await;
    let error = it.client.send(&cat()).await.expect_err("refused");
    assert_eq!(error.body().map(|it| &it[..]), Some(body.as_bytes()));
    assert!(error.spooled().is_empty());

    let it = setting(reply("200 OK", &body)).await;
    // A file is no directory.
    let file = tempfile::NamedTempFile::new().expect("a file");
    let directory = file.path().join("spool");
    for client in [it.client.with_spool(None), it.client.with_spool(directory)] {
        let reply = client.send(&cat()).await.expect("a reply");
        assert_eq!(&reply.body()[..], body.as_bytes());
        assert!(matches!(reply.images()[0].source, Source::Base64(_)));
    }
}

/// Another file system takes no link, so the picture is copied.
#[tokio::test]
async fn pictures_are_saved_on_another_file_system() {
    let shared = Path::new("/dev/shm");
    if !shared.is_dir() {
        return test_data::skip(format!("{} does not exist", shared.display()));
    }
    let bytes = picture(1, 90_000);
    let it = setting(reply("200 OK", &body(&[STANDARD.encode(&bytes)]))).await;
    let reply = it.client.send(&cat()).await.expect("a reply");
    let out = tempfile::tempdir_in(shared).expect("a directory");
    let image = reply.images().remove(0);
    let saved = it
        .client
        .save(&image, out.path(), "cat")
        .await
        .expect("saved");
    assert!(fs::read(saved).expect("a file") == bytes);
    assert_eq!(names(out.path()), ["cat.png"]);
}
