//! Downloads from servers that are slow, broken, moved or up to something.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[allow(dead_code, reason = "the tests that it was made for need more of it")]
#[path = "../crates/apifox-client/tests/wire/server.rs"]
mod server;

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use inkstone::{Client, Downloads, Error, Image, ImageFormat, Source, Stage, UnnamedFile};
use test_data::files::names;
use test_data::pictures::PIXEL;

use crate::server::{Act, Server};

/// What a server is asked, in small letters.
fn requests(server: &Server) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests.map(|request| request.to_lowercase()).collect()
}

/// A picture of one pixel, with noise after its end.
fn picture(length: usize) -> Vec<u8> {
    let mut bytes = STANDARD.decode(PIXEL).expect("base64");
    bytes.extend((bytes.len()..length).map(|at| u8::try_from(at * 7 % 251).expect("a byte")));
    bytes
}

/// The start of a PNG that says it has these sides.
fn sized(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(0);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for header in headers {
        head += &format!("{header}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// An answer of which only the first `sent` bytes come.
fn cut(status: &str, headers: &[&str], body: &[u8], sent: usize) -> Act {
    let length = format!("content-length: {}", body.len());
    let headers: Vec<&str> = headers.iter().copied().chain([&*length]).collect();
    let mut bytes = head(status, &headers);
    bytes.extend_from_slice(&body[..sent]);
    Act::Send(bytes)
}

fn whole(status: &str, headers: &[&str], body: &[u8]) -> Act {
    cut(status, headers, body, body.len())
}

fn settings() -> Downloads {
    Downloads::new()
        .backoff(Duration::from_millis(1))
        .read_timeout(Duration::from_millis(300))
        .deadline(Duration::from_secs(20))
}

/// A client of an API on this machine.
fn client(settings: Downloads) -> Client {
    let builder = Client::builder("http://127.0.0.1:1").key("sk-secret");
    builder.downloads(settings).build().expect("a client")
}

fn at(url: impl Into<String>) -> Image {
    Image {
        pointer: "/data/0/url".to_owned(),
        source: Source::Url(url.into()),
    }
}

/// Saves the picture that a server sends by `script`; what came, how often it
/// was asked, and what lies on disk afterwards.
async fn save(script: Vec<Vec<Act>>, settings: Downloads) -> (Result<Vec<u8>, Error>, Vec<String>) {
    let server = Server::start(script).await;
    let directory = tempfile::tempdir().expect("a directory");
    let image = at(format!("{}/evil%2F..%2Fname.exe", server.url));
    let saved = client(settings).save(&image, directory.path(), "cat").await;
    match saved {
        Ok(path) => {
            assert_eq!(path, directory.path().join("cat.png"));
            assert_eq!(names(directory.path()), ["cat.png"]);
            (Ok(fs::read(path).expect("a file")), requests(&server))
        }
        Err(error) => {
            assert_eq!(names(directory.path()), [""; 0], "{error}");
            (Err(error), requests(&server))
        }
    }
}

/// A name, what a server answers before the picture comes, and how often it is asked.
type InPassing = (&'static str, Vec<Vec<Act>>, usize);

fn failing_in_passing() -> Vec<InPassing> {
    let body = picture(1000);
    vec![
        // Some stores take a moment to have what was put there.
        (
            "404",
            vec![
                vec![whole("404 No", &[], b"")],
                vec![whole("404 No", &[], b"")],
            ],
            3,
        ),
        ("right at once", vec![], 1),
        ("closed", vec![vec![], vec![]], 3),
        ("500", vec![vec![whole("500 No", &[], b"no")]], 2),
        (
            "503",
            vec![vec![whole("503 No", &["retry-after: 0"], b"no")]],
            2,
        ),
        ("429", vec![vec![whole("429 No", &[], b"no")]], 2),
        (
            "cut in the head",
            vec![vec![Act::Send(b"HTTP/1.1 200 O".to_vec())]],
            2,
        ),
        (
            "cut in the body",
            vec![vec![cut("200 OK", &[], &body, 500)]],
            2,
        ),
        ("silent", vec![vec![Act::Hold(vec![])]], 2),
        (
            "a chunk cut",
            vec![vec![Act::Send(
                [
                    &head("200 OK", &["transfer-encoding: chunked"])[..],
                    b"ff\r\n\x89PNG",
                ]
                .concat(),
            )]],
            2,
        ),
    ]
}

/// As stores send what was compressed before it was put there.
fn compressed() -> Vec<InPassing> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&picture(1000)).expect("written");
    let gzip = gzip.finish().expect("gzip");
    let encoded = ["content-encoding: gzip", "etag: \"a\""];
    vec![
        (
            "compressed",
            vec![vec![whole("200 OK", &encoded, &gzip)]],
            1,
        ),
        (
            "compressed and cut",
            vec![vec![cut("200 OK", &encoded, &gzip, gzip.len() / 2)]],
            2,
        ),
        (
            "compressed and damaged",
            vec![vec![whole("200 OK", &encoded, &gzip[..gzip.len() - 9])]],
            2,
        ),
    ]
}

#[tokio::test]
async fn what_fails_in_passing_is_fetched_again() {
    let body = picture(1000);
    let right = vec![whole("200 OK", &[], &body)];
    for (name, mut script, asked) in failing_in_passing().into_iter().chain(compressed()) {
        script.push(right.clone());
        let (saved, requests) = save(script, settings()).await;
        assert_eq!(saved.expect(name), body, "{name}");
        assert_eq!(requests.len(), asked, "{name}");
        for request in requests {
            for header in ["authorization", "cookie", "referer", "range"] {
                assert!(
                    !request.contains(&format!("\r\n{header}:")),
                    "{name}: {request}"
                );
            }
            assert!(
                request.contains("\r\naccept-encoding: identity\r\n"),
                "{request}"
            );
        }
    }
}

/// A name, what a server answers, one request after the other, and where the later
/// requests start.
type BrokenOff = (&'static str, Vec<Vec<Act>>, Vec<usize>);

fn broken_off(body: &[u8]) -> Vec<BrokenOff> {
    let tag = "etag: \"a\"";
    let first = vec![cut("200 OK", &[tag], body, 400)];
    let part = |range: &str, from: usize, to: usize| {
        let range = format!("content-range: bytes {range}");
        vec![whole(
            "206 Partial Content",
            &[tag, &range],
            &body[from..to],
        )]
    };
    let all = || vec![whole("200 OK", &["etag: \"b\""], body)];
    let weak = vec![cut("200 OK", &["etag: W/\"a\""], body, 400)];
    vec![
        (
            "the rest",
            vec![first.clone(), part("400-999/1000", 400, 1000)],
            vec![400],
        ),
        (
            "the rest in parts",
            vec![
                first.clone(),
                part("400-599/1000", 400, 600),
                part("600-999/1000", 600, 1000),
            ],
            vec![400, 600],
        ),
        (
            "all of another version",
            vec![first.clone(), all()],
            vec![400],
        ),
        (
            "another part",
            vec![first.clone(), part("300-999/1000", 300, 1000), all()],
            vec![400, 0],
        ),
        (
            "another length",
            vec![first.clone(), part("400-999/1001", 400, 1000), all()],
            vec![400, 0],
        ),
        (
            "no such part",
            vec![first.clone(), vec![whole("416 No", &[], b"")], all()],
            vec![400, 0],
        ),
        ("no tag to tell versions by", vec![weak, all()], vec![0]),
    ]
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke_off() {
    let body = picture(1000);
    let range = |request: &str| {
        let line = request.lines().find(|it| it.starts_with("range:"));
        line.map(str::to_owned)
    };
    for (name, script, asked) in broken_off(&body) {
        let (saved, requests) = save(script, settings()).await;
        assert_eq!(saved.expect(name), body, "{name}");
        let ranges: Vec<_> = requests[1..].iter().map(|it| range(it)).collect();
        let expected: Vec<_> = asked
            .iter()
            .map(|from| (*from > 0).then(|| format!("range: bytes={from}-")))
            .collect();
        assert_eq!(ranges, expected, "{name}");
        let conditions = requests
            .iter()
            .filter(|it| it.contains("\r\nif-range: \"a\"\r\n"));
        assert_eq!(
            conditions.count(),
            asked.iter().filter(|it| **it > 0).count(),
            "{name}"
        );
    }
}

/// What comes, the stage of the error, and a part of its message.
type Lasting = (Act, Stage, &'static str);

fn no_picture_comes() -> Vec<Lasting> {
    let gone = "<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>";
    vec![
        (
            whole("403 Forbidden", &[], gone.as_bytes()),
            Stage::Expired,
            "24 hours: <Error>",
        ),
        (
            whole("404 Not Found", &[], b""),
            Stage::Expired,
            "24 hours (HTTP 404, 3 attempts)",
        ),
        (
            whole("410 Gone", &[], b""),
            Stage::Expired,
            "24 hours (HTTP 410)",
        ),
        (
            whole("400 Bad Request", &[], b"what?"),
            Stage::Download,
            "fetched: what? (HTTP 400)",
        ),
        (
            whole("204 No Content", &[], b""),
            Stage::Download,
            "fetched (HTTP 204)",
        ),
        (
            whole(
                "206 Partial Content",
                &["content-range: bytes 0-9/10"],
                b"0123456789",
            ),
            Stage::Download,
            "(HTTP 206)",
        ),
        (
            whole("304 Not Modified", &[], b""),
            Stage::Download,
            "fetched (HTTP 304)",
        ),
    ]
}

fn what_comes_is_too_much_or_damaged() -> Vec<Lasting> {
    let body = picture(1000);
    let ok = |body: &[u8]| whole("200 OK", &[], body);
    let unsized_head = head("200 OK", &[]);
    vec![
        (
            ok(b"<html>Log in!</html>"),
            Stage::Download,
            "is not a picture: <html>Log in!</html>",
        ),
        (
            ok(b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT"),
            Stage::Download,
            "the PNG that came is damaged",
        ),
        (ok(&body), Stage::Download, "900 bytes are allowed"),
        (
            cut("200 OK", &[], &body, 0),
            Stage::Download,
            "900 bytes are allowed",
        ),
        (
            Act::Send([unsized_head.clone(), body.clone()].concat()),
            Stage::Download,
            "900 bytes are allowed",
        ),
        (
            ok(&sized(10, 11)),
            Stage::Download,
            "has 10x11 pixels, and 100 are allowed",
        ),
        (
            ok(&sized(u32::MAX, u32::MAX)),
            Stage::Download,
            "and 100 are allowed",
        ),
    ]
}

#[tokio::test]
async fn what_lasts_is_told_at_once() {
    let tight = || settings().max_bytes(900).max_pixels(100);
    let lasting = no_picture_comes().into_iter();
    for (step, stage, message) in lasting.chain(what_comes_is_too_much_or_damaged()) {
        let (saved, requests) = save(vec![vec![step.clone()]], tight()).await;
        let error = saved.expect_err(message);
        assert_eq!(error.stage(), stage, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        let asked = if error.status() == Some(404) { 3 } else { 1 };
        assert_eq!(requests.len(), asked, "{error}");
        assert!(
            error.may_have_been_billed() && !error.is_retryable(),
            "{error}"
        );
    }
}

/// Its length is announced as that of the whole, so that only its format tells.
#[tokio::test]
async fn what_ends_too_early_is_fetched_again() {
    let body = picture(0);
    let right = vec![whole("200 OK", &["etag: \"b\""], &body)];
    for length in [0, 8, 20, 60, body.len() - 1] {
        let short = vec![whole("200 OK", &["etag: \"a\""], &body[..length])];
        let (saved, requests) = save(vec![short.clone(), short, right.clone()], settings()).await;
        assert_eq!(saved.expect("a picture"), body, "{length}");
        assert_eq!(requests.len(), 3, "{length}");
        assert!(requests.iter().all(|it| !it.contains("\r\nrange:")));
    }
}

#[tokio::test]
async fn what_stays_too_short_is_kept_under_a_name_that_says_so() {
    let body = picture(0);
    let short = &body[..body.len() - 1];
    let cut = vec![whole("200 OK", &[], short)];
    let no = vec![whole("500 No", &[], b"no")];
    let inline = Image {
        pointer: "/data/0/b64_json".to_owned(),
        source: Source::Base64(STANDARD.encode(short)),
    };
    let cases = [
        (vec![cut.clone()], 3, "the PNG that came ends too early"),
        // Nothing better came after it.
        (vec![cut, no], 3, "the picture could not be fetched: no"),
        (vec![], 0, "the PNG that came ends too early"),
    ];
    for (script, attempts, message) in cases {
        let server = Server::start(script).await;
        let image = match attempts {
            0 => inline.clone(),
            _ => at(server.url.clone()),
        };
        let directory = tempfile::tempdir().expect("a directory");
        let client = client(settings().retries(2));
        let saved = client.save(&image, directory.path(), "cat").await;
        let error = saved.expect_err("half a picture");
        let kept = directory.path().join("cat-cut-short.png");
        assert_eq!(error.stage(), Stage::Download);
        assert_eq!(error.kept(), Some(&*kept));
        assert_eq!(fs::read(&kept).expect("a file"), short);
        assert_eq!(names(directory.path()), ["cat-cut-short.png"]);
        let told = format!("{message}; what came is kept in {}", kept.display());
        assert!(error.to_string().starts_with(&told), "{error}");
        assert_eq!(
            (error.attempts() as usize, requests(&server).len()),
            (attempts, attempts)
        );
        let error = client.bytes(&image).await.expect_err("half a picture");
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[tokio::test]
async fn who_saves_a_picture_may_name_it_and_leaves_nothing_where_that_fails() {
    let body = picture(0);
    let image = Image {
        pointer: "/data/0/b64_json".to_owned(),
        source: Source::Base64(STANDARD.encode(&body)),
    };
    let directory = tempfile::tempdir().expect("a directory");
    let named = directory.path().join("dog");
    let client = client(settings());
    let finish = move |file: UnnamedFile, format: ImageFormat| {
        let bytes = fs::read(file.path())?;
        let named = file.name(&named).map_err(|(error, _)| error);
        named.map(|()| (bytes, format))
    };
    let place = directory.path();
    let saved = client.save_with(&image, place, "cat", finish.clone());
    let saved = saved.await.expect("a picture");
    assert_eq!(saved, (body.clone(), ImageFormat::Png));
    let failed = client.save_with(&image, place, "cat", finish).await;
    assert_eq!(
        failed.expect_err("a name that is taken").stage(),
        Stage::File
    );
    assert_eq!(names(place), ["dog"]);
    assert_eq!(fs::read(place.join("dog")).expect("a file"), body);
}

#[tokio::test]
async fn retries_end() {
    let no = vec![vec![whole("500 No", &[], b"no")]];
    let (saved, requests) = save(no, settings().retries(2)).await;
    let error = saved.expect_err("a failure");
    assert_eq!(
        (error.stage(), error.status()),
        (Stage::Download, Some(500))
    );
    assert_eq!(requests.len(), 3);

    // A day is more than there is time for.
    let later = vec![vec![whole("429 Later", &["retry-after: 86400"], b"")]];
    let (saved, requests) = save(later, settings()).await;
    let error = saved.expect_err("a failure");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86400)));
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn nothing_outlasts_the_deadline() {
    let body = picture(1000);
    let drip = Act::Drip(
        [head("200 OK", &["content-length: 1000"]), body.clone()].concat(),
        Duration::from_millis(50),
    );
    let redirect = head("302 Found", &["location: /again", "content-length: 0"]);
    let scripts = [
        vec![vec![drip]],
        vec![vec![Act::Hold(vec![])]],
        vec![vec![cut("200 OK", &[], &body, 500), Act::Hold(vec![])]],
        vec![vec![Act::Drip(redirect, Duration::from_millis(50))]],
        vec![vec![whole("500 No", &[], b"")]],
    ];
    for script in scripts {
        let started = Instant::now();
        let limits = settings().deadline(Duration::from_secs(1)).retries(100);
        let (saved, _) = save(script, limits.backoff(Duration::from_millis(50))).await;
        let error = saved.expect_err("too late");
        assert_eq!(error.stage(), Stage::Download, "{error}");
        assert!(started.elapsed() < Duration::from_secs(20), "{error}");
    }
}

#[tokio::test]
async fn a_body_without_end_ends() {
    let script = vec![vec![
        Act::Send(head("200 OK", &[])),
        Act::Flood(picture(1 << 16)),
    ]];
    let (saved, _) = save(script, settings().max_bytes(8 << 20)).await;
    let error = saved.expect_err("too long");
    assert!(
        error.to_string().contains("8388608 bytes are allowed"),
        "{error}"
    );
    // So does the body of a failure.
    let script = vec![vec![
        Act::Send(head("403 No", &[])),
        Act::Flood(vec![b'x'; 1 << 16]),
    ]];
    let (saved, _) = save(script, settings()).await;
    let error = saved.expect_err("a failure");
    assert_eq!(error.stage(), Stage::Expired);
    assert_eq!(error.body().map(|it| it.len()), Some(1 << 16));
}

#[tokio::test]
async fn redirects_are_followed_five_times() {
    let body = picture(1000);
    let moved = |to: &str| vec![whole("302 Found", &[&format!("location: {to}")], b"")];
    let mut script = vec![moved("/next"); 5];
    script.push(vec![whole("200 OK", &[], &body)]);
    let (saved, requests) = save(script.clone(), settings()).await;
    assert_eq!(saved.expect("a picture"), body);
    assert_eq!(requests.len(), 6);
    script.insert(0, moved("/next"));
    let (saved, requests) = save(script, settings()).await;
    let error = saved.expect_err("too far");
    assert!(error.to_string().contains("more than 5 times"), "{error}");
    assert_eq!(requests.len(), 6);
    let cases = [
        ("ftp://a.example/1.png", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("http://", "not a URL"),
        ("http://10.0.0.1/", "10.0.0.1 is not on the public internet"),
        (
            "http://169.254.169.254/latest/meta-data",
            "is not on the public internet",
        ),
        ("//[fe80::1]/", "is not on the public internet"),
    ];
    for (to, message) in cases {
        let (saved, requests) = save(vec![moved(to)], settings()).await;
        let error = saved.expect_err(to);
        assert_eq!(error.stage(), Stage::Download, "{error}");
        assert!(error.to_string().contains(message), "{to}: {error}");
        assert_eq!(requests.len(), 1, "{to}");
    }
}

/// A reply may quote the key wherever it likes, and so in what should be a URL.
#[tokio::test]
async fn no_url_shows_the_key() {
    let urls = [
        "https://a's%sult/1.png?Expires=sk-secret",
        "no URL, but sk-secret",
        "ftp://sk-secret/",
        "https://sk-secret.invalid/",
        "http://127.0.0.1:1/sk-secret",
        "http://10.0.0.1/sk-secret",
    ];
    for url in urls {
        let client = client(settings().retries(0));
        let error = client.bytes(&at(url)).await.expect_err(url);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("sk-secret"), "{shown}");
    }
}

#[tokio::test]
async fn nothing_on_this_machine_is_asked_for_an_api_elsewhere() {
    let server = Server::start(vec![vec![whole("200 OK", &[], &picture(0))]]).await;
    let port = server.url.rsplit(':').next().expect("a port");
    let api = Client::builder("https://api.example.com").key("sk-secret");
    let api = api.downloads(settings()).build().expect("a client");
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "127.1",
    ] {
        let error = api
            .bytes(&at(format!("http://{host}:{port}/1.png")))
            .await
            .expect_err(host);
        assert_eq!(error.stage(), Stage::Download, "{error}");
        assert!(
            error.to_string().contains("not on the public internet"),
            "{error}"
        );
    }
    // The machine's own name leads to it by the resolver alone.
    if let Ok(name) = fs::read_to_string("/etc/hostname") {
        let error = api
            .bytes(&at(format!("http://{}:{port}/1.png", name.trim())))
            .await
            .expect_err("a name of this machine");
        assert_eq!(error.stage(), Stage::Download, "{error}");
    }
    assert_eq!(requests(&server), [""; 0]);
}

#[tokio::test]
async fn a_download_that_is_dropped_leaves_nothing() {
    let body = picture(1000);
    let server = Server::start(vec![vec![
        cut("200 OK", &[], &body, 500),
        Act::Hold(vec![]),
    ]])
    .await;
    let directory = tempfile::tempdir().expect("a directory");
    let client = client(settings().read_timeout(Duration::from_secs(60)));
    let image = at(server.url.clone());
    let saving = client.save(&image, directory.path(), "cat");
    let stopped = tokio::time::timeout(Duration::from_millis(300), saving).await;
    assert!(stopped.is_err());
    assert_eq!(names(directory.path()), [""; 0]);
}

#[tokio::test]
async fn a_picture_in_the_reply_is_decoded() {
    let body = picture(300_000);
    let encoded = STANDARD.encode(&body);
    let lines: Vec<String> = encoded
        .as_bytes()
        .chunks(76)
        .map(|it| String::from_utf8(it.to_vec()).expect("ASCII"))
        .collect();
    let inline = |text: &str| Image {
        pointer: "/data/0/b64_json".to_owned(),
        source: Source::Base64(text.to_owned()),
    };
    let client = client(settings());
    let texts = [
        encoded.clone(),
        lines.join("\r\n"),
        format!(" \n{encoded}\n"),
        encoded.trim_end_matches('=').to_owned(),
    ];
    for text in &texts {
        assert_eq!(client.bytes(&inline(text)).await.expect("a picture"), body);
    }
    let cases = [
        ("", "an empty body"),
        ("no base64!", "is not base64"),
        ("AAAA=AAAA", "is not base64"),
        ("iVBORw0KGgo=", "ends too early"),
        ("AAAA", "not a picture"),
    ];
    for (text, message) in cases {
        let error = client.bytes(&inline(text)).await.expect_err(text);
        assert_eq!(error.stage(), Stage::Download, "{error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    let tight = self::client(settings().max_bytes(1000));
    let error = tight.bytes(&inline(&encoded)).await.expect_err("too long");
    assert!(
        error.to_string().contains("1000 bytes are allowed"),
        "{error}"
    );
}

#[cfg(feature = "decode")]
#[tokio::test]
async fn a_picture_is_decoded_on_demand() {
    let good = picture(0);
    let mut bad = good.clone();
    let at = bad.len() - 25;
    bad[at] ^= 0xff;
    let script = |body: &[u8]| vec![vec![whole("200 OK", &[], body)]];
    let thorough = || settings().verify(inkstone::Verify::Decode);
    assert!(save(script(&good), thorough()).await.0.is_ok());
    assert!(save(script(&bad), settings()).await.0.is_ok());
    let error = save(script(&bad), thorough()).await.0.expect_err("damaged");
    assert_eq!(error.stage(), Stage::Download, "{error}");
    assert!(error.to_string().contains("is damaged"), "{error}");
}
