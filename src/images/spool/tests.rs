//! Whatever comes, in whatever pieces: all of it is there in the end.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::Value;

use super::{Intake, Spools};
use crate::images::encoding::{LENIENT, Unescaped};
use crate::images::find::find;
use crate::images::image::{Image, Source};

/// Pictures of more characters than this are long in these tests: more than say that
/// they are pictures.
const LONGEST: usize = 36;

/// Takes `text` in by pieces of these lengths, over and over.
fn take(text: &[u8], lengths: &[usize], directory: &Path, room: u64) -> (Bytes, Spools) {
    let mut intake = Intake::tested(directory, LONGEST, room);
    let mut rest = text;
    for length in lengths.iter().cycle() {
        let (now, later) = rest.split_at((*length).min(rest.len()));
        intake.take(now);
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    intake.finish()
}

fn restored(text: &[u8], spools: &Spools) -> Vec<u8> {
    let mut whole = Vec::new();
    spools.restore(text, &mut whole).expect("restored");
    whole
}

/// An escaped slash comes back as one that isn't.
fn plain(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("\\/", "/")
}

fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory)
        .expect("a directory")
        .next()
        .is_none()
}

/// JSON texts of strings: pictures of all sorts, and what is none.
fn string() -> impl Strategy<Value = String> {
    let bytes = prop::collection::vec(any::<u8>(), 0..120);
    let base64 = bytes.prop_map(|bytes| STANDARD.encode(bytes));
    let breaks = prop::sample::select(vec![
        "\\n", "\\r\\n", " ", "\\u000a", "=", "\\\\", "é", "*", "",
    ]);
    let broken =
        (base64.clone(), breaks, any::<prop::sample::Index>()).prop_map(|(text, something, at)| {
            let at = at.index(text.len() + 1);
            format!("{}{something}{}", &text[..at], &text[at..])
        });
    // Bits that no byte has room for: what it decodes to would not be it again.
    let loose = base64
        .clone()
        .prop_map(|text| text.replace("A=", "B=").replace("Q=", "R="));
    let unpadded = base64
        .clone()
        .prop_map(|text| text.trim_end_matches('=').to_owned());
    let escaped = base64.clone().prop_map(|text| text.replace('/', "\\/"));
    let any_text = any::<String>().prop_map(|text| {
        let json = Value::String(text).to_string();
        json[1..json.len() - 1].to_owned()
    });
    let codes = prop::collection::vec(any::<u16>(), 0..6).prop_map(|codes| {
        codes
            .iter()
            .map(|code| format!("\\u{:04x}", code & 0x7fff))
            .collect::<String>()
    });
    let sources = prop_oneof![
        base64.clone(),
        broken,
        loose,
        unpadded,
        escaped,
        any_text,
        codes
    ];
    let prefixes = vec![
        "",
        "",
        "",
        "data:image/png;base64,",
        "data:image\\/png;base64,",
        "http://a/",
        "data:,",
        "data:;base64\\u002c;base64,",
        "inkstone/spooled/",
    ];
    let string = (prop::sample::select(prefixes), sources)
        .prop_map(|(prefix, text)| prefix.to_owned() + &text);
    // A quote within is a character as any other.
    prop_oneof![9 => string.clone(), 1 => string.prop_map(|text| text + "\\\"tail")]
}

/// Texts of JSON, with white space where it may be.
fn json() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "b64_json",
        "image",
        "url",
        "image_url",
        "metadata",
        "b64\\u005fjson",
        "text",
        "",
    ]);
    let leaf = prop_oneof![
        4 => string().prop_map(|text| format!("\"{text}\"")),
        1 => Just(" null".to_owned()),
        1 => Just("-1.5e3\n".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        let member =
            (name.clone(), inner.clone(), any::<bool>()).prop_map(|(name, value, spaced)| {
                match spaced {
                    true => format!("\"{name}\" :\t{value}"),
                    false => format!("\"{name}\":{value}"),
                }
            });
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            4 => prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1_usize..40, 1..6)
}

/// The bytes of a picture, by way of what reads its text from a file.
fn decoded(source: &Source) -> Option<Vec<u8>> {
    let text = match source {
        Source::Spooled(spooled) if spooled.is_decoded() => {
            return Some(fs::read(spooled.path()).expect("a file"));
        }
        Source::Spooled(spooled) => {
            let file = fs::read(spooled.path()).expect("a file");
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut Unescaped::json(&file[..]), &mut text).expect("read");
            text
        }
        Source::Bytes(bytes) => return Some(bytes.to_vec()),
        Source::Url(text) | Source::Base64(text) => {
            let mut dense = Vec::new();
            std::io::Read::read_to_end(&mut Unescaped::plain(text.as_bytes()), &mut dense)
                .expect("read");
            dense
        }
    };
    LENIENT.decode(text).ok()
}

proptest! {
    #[test]
    fn any_json_is_the_same_when_it_is_put_together_again(text in json(), lengths in lengths()) {
        let directory = tempfile::tempdir().expect("a directory");
        let (kept, spools) = take(text.as_bytes(), &lengths, directory.path(), u64::MAX);
        prop_assert_eq!(plain(&restored(&kept, &spools)), plain(text.as_bytes()));

        // What stays is JSON that has the same pictures in the same places.
        let json: Result<Value, _> = serde_json::from_slice(&kept);
        prop_assert!(json.is_ok());
        let expected = find(text.as_bytes(), Spools::none());
        let found = find(kept.clone(), &spools);
        for image in &expected {
            // A name that is written twice has two.
            let mut here = found.iter().filter(|found| found.pointer == image.pointer);
            let bytes = decoded(&image.source);
            prop_assert!(here.any(|found| decoded(&found.source) == bytes), "{}", image.pointer);
        }
        let is_long = |image: &Image| match &image.source {
            // An item of a list of base64 does not say what it is.
            Source::Base64(text) => {
                text.len() > LONGEST
                    && image.pointer.starts_with('/')
                    && !image.pointer.contains("/b64_json/")
            }
            _ => false,
        };
        // Only what escapes hide stays in memory.
        if !text.contains("\\u") && !text.contains("metadata") {
            prop_assert!(!found.iter().any(is_long), "{found:?}");
        }
        drop((spools, found));
        prop_assert!(is_empty(directory.path()));
    }

    #[test]
    fn what_is_cut_anywhere_is_kept(text in json(), lengths in lengths()) {
        let directory = tempfile::tempdir().expect("a directory");
        for end in 0..text.len() {
            let part = &text.as_bytes()[..end];
            let (kept, spools) = take(part, &lengths, directory.path(), u64::MAX);
            prop_assert_eq!(plain(&restored(&kept, &spools)), plain(part));
        }
        prop_assert!(is_empty(directory.path()));
    }

    #[test]
    fn what_a_full_disk_does_not_take_stays_in_memory(
        text in json(), lengths in lengths(), room in 0_u64..120
    ) {
        let directory = tempfile::tempdir().expect("a directory");
        let (kept, spools) = take(text.as_bytes(), &lengths, directory.path(), room);
        prop_assert_eq!(plain(&restored(&kept, &spools)), plain(text.as_bytes()));
        let json: Value = serde_json::from_slice(&restored(&kept, &spools)).expect("JSON");
        prop_assert_eq!(json, serde_json::from_str::<Value>(&text).expect("JSON"));
    }

    #[test]
    fn any_bytes_are_the_same_when_they_are_put_together_again(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\"\\:{},b".to_vec())], 0..200),
        lengths in lengths(),
    ) {
        let directory = tempfile::tempdir().expect("a directory");
        let text = [b"{\"b64_json\":\"", &bytes[..]].concat();
        let (kept, spools) = take(&text, &lengths, directory.path(), u64::MAX);
        prop_assert_eq!(plain(&restored(&kept, &spools)), plain(&text));
    }
}

#[test]
fn long_pictures_leave_and_nothing_else_does() {
    let long = STANDARD.encode([7; 300]);
    let cases = [
        (format!(r#"{{"b64_json":"{long}"}}"#), 1),
        (
            format!(
                r#"{{"data":[{{"b64_json": "{long}"}},{{"image" : "data:image/png;base64,{long}"}}]}}"#
            ),
            2,
        ),
        (
            format!(r#"{{"text":"{long}","b64_json":["{long}"],"{long}":""}}"#),
            0,
        ),
        (
            format!(r#"{{"b64_json":"https://{long}","url":"{long}"}}"#),
            0,
        ),
        (
            format!(r#"{{"metadata":"{{\"b64_json\":\"{long}\"}}"}}"#),
            0,
        ),
        (r#"{"b64_json":"AAAAAAAA"}"#.to_owned(), 0),
        (format!(r#"{{"b64_json":"{long}AB=="}}"#), 1),
        (format!(r#"{{"b64_json":"{long}AAB="}}"#), 1),
        (format!(r#"{{"b64_json":"{long}AA==AAAA"}}"#), 1),
    ];
    let directory = tempfile::tempdir().expect("a directory");
    for (text, count) in cases {
        let (kept, spools) = take(text.as_bytes(), &[5], directory.path(), u64::MAX);
        assert_eq!(spools.files().len(), count, "{text}");
        assert_eq!(restored(&kept, &spools), text.as_bytes());
        assert!(count == 0 || kept.len() < text.len() - 200 * count);
    }
}

#[test]
fn a_placeholder_is_no_picture_and_no_server_can_make_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let long = STANDARD.encode([7; 300]);
    let text = format!(r#"{{"b64_json":"{long}"}}"#);
    let (kept, spools) = take(text.as_bytes(), &[9], directory.path(), u64::MAX);
    let json: Value = serde_json::from_slice(&kept).expect("JSON");
    let placeholder = json["b64_json"].as_str().expect("a text");
    // It is base64, as the document wants it, and no format's first bytes.
    let bytes = STANDARD.decode(placeholder).expect("base64");
    assert!(crate::ImageFormat::from_start(&bytes).is_none());
    // Another reply knows nothing of it.
    let (kept, others) = take(&kept, &[9], directory.path(), u64::MAX);
    assert_eq!(others.files().len(), 1);
    assert_eq!(others.find(placeholder), None);
    assert_eq!(
        restored(&kept, &others),
        serde_json::to_vec(&json).expect("JSON")
    );
    assert!(spools.find(placeholder).is_some());
}

#[test]
fn pictures_that_are_the_same_share_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let (one, other) = (STANDARD.encode([7; 300]), STANDARD.encode([8; 300]));
    let text =
        format!(r#"[{{"b64_json":"{one}"}},{{"b64_json":"{other}"}},{{"b64_json":"{one}"}}]"#);
    let (kept, spools) = take(text.as_bytes(), &[64], directory.path(), u64::MAX);
    assert_eq!(
        fs::read_dir(directory.path()).expect("a directory").count(),
        2
    );
    let found = find(kept.clone(), &spools);
    let places: Vec<_> = found.iter().map(|image| image.pointer.as_str()).collect();
    assert_eq!(places, ["/0/b64_json", "/1/b64_json"]);
    assert_eq!(restored(&kept, &spools), text.as_bytes());
}

/// A list of so many pictures, which have one length and differ at the end.
fn pictures(count: usize) -> String {
    let picture = |number: usize| STANDARD.encode([&[7; 300][..], &number.to_be_bytes()].concat());
    let items: Vec<_> = (0..count)
        .map(|number| format!(r#"{{"b64_json":"{}"}}"#, picture(number)))
        .collect();
    format!("[{}]", items.join(","))
}

#[test]
fn four_times_as_many_pictures_take_about_four_times_as_long() {
    test_data::time::grows_with_its_input(400, pictures, |text| {
        let directory = tempfile::tempdir().expect("a directory");
        let (_, spools) = take(text.as_bytes(), &[4096], directory.path(), u64::MAX);
        assert_eq!(spools.files().len(), text.split("},{").count());
    });
}

#[test]
fn where_no_file_can_be_made_all_of_it_stays() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let text = format!(r#"{{"b64_json":"{}"}}"#, STANDARD.encode([7; 300]));
    let (kept, spools) = take(text.as_bytes(), &[9], file.path(), u64::MAX);
    assert_eq!((&kept[..], spools.files().len()), (text.as_bytes(), 0));
}
