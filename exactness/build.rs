//! Generates a module for every schema of the official suite, and for schemas
//! drawn at random, and a table of them all.

#[path = "src/draw.rs"]
#[allow(dead_code, missing_docs)]
mod draw;
#[path = "src/generate.rs"]
mod generate;
#[path = "src/logic.rs"]
#[allow(dead_code, missing_docs)]
mod logic;
#[path = "src/names.rs"]
mod names;
// A package may depend on none that is not published, but for its tests.
#[path = "../crates/test-data/src/lib.rs"]
#[allow(dead_code)]
mod test_data;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::test_data::suite::Group;

/// How many schemas are drawn from fixed seeds.
const FIXED: u64 = 240;
/// How many are drawn from fresh seeds, unless `APIFOX_EXACTNESS_COUNT` says so.
const FRESH: u64 = 120;
/// Of how many seeds one is used for an object with rules across its fields.
const GUARDED: u64 = 3;

/// Of how many seeds one is used for a schema whose formats are asserted.
const FORMATS: u64 = 2;

struct Drawn {
    name: String,
    schema: Value,
    tests: Value,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    // And whenever its own sources change, which Cargo knows.
    println!("cargo::rerun-if-env-changed=INKSTONE_TEST_DATA");
    println!("cargo::rerun-if-env-changed=JSON_SCHEMA_TEST_SUITE");
    println!("cargo::rerun-if-env-changed=JSON_SCHEMA_OPTIONAL_TESTS");
    println!("cargo::rerun-if-env-changed=APIFOX_EXACTNESS_SEED");
    println!("cargo::rerun-if-env-changed=APIFOX_EXACTNESS_COUNT");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let suite = suite()?;
    std::fs::write(out.join("suite.rs"), table(&suite)?)?;
    std::fs::write(out.join("cases.rs"), table(&cases()?)?)?;
    let random = drawn(1, |mut draw| draw.schema())?;
    std::fs::write(out.join("random.rs"), table(&random)?)?;
    let formats = drawn(FORMATS, |draw| draw.with_formats().schema())?;
    std::fs::write(out.join("formats.rs"), table_of_formats(&formats, &out)?)?;
    let guarded = drawn(GUARDED, |mut draw| logic::guarded(&mut draw))?;
    std::fs::write(out.join("guarded.rs"), table(&guarded)?)?;
    std::fs::write(out.join("documents.rs"), documents()?)?;
    std::fs::write(out.join("names.rs"), names_in_use()?)?;
    Ok(())
}

/// Modules of documents whose names are those of generated code, and a table `NAMES` of what
/// became of each: how many operations, of how many.
fn names_in_use() -> Result<String, Box<dyn std::error::Error>> {
    let words = names::words()?;
    // Operations are most of what the compiler reads: there are more where others come next time.
    let fresh = names::documents(words.clone(), seed()?, 6);
    let documents = names::documents(words, 1, 12);
    let documents = documents.into_iter().chain(fresh.into_iter().take(2));
    let (mut modules, mut rows) = (String::new(), String::new());
    for (at, document) in documents.enumerate() {
        let operations = document["paths"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        let made = match apifox_build::rust("names.json", document.clone(), "Root") {
            Ok(code) => {
                let lints = "#[deny(warnings)] #[allow(dead_code, missing_docs)]";
                writeln!(modules, "{lints} mod m{at} {{\n{}\n}}", code.text)?;
                let made = code.text.matches("rt::endpoint!").count();
                format!("Ok(({made}, {operations}))")
            }
            Err(problems) => format!("Err({:?})", problems.to_string()),
        };
        writeln!(rows, "({made}, {:?}),", document.to_string())?;
    }
    Ok(format!(
        "{modules}\npub static NAMES: &[(Result<(usize, usize), &str>, &str)] = &[\n{rows}];\n"
    ))
}

/// The groups of the official suite, and its optional ones; none of what is missing.
fn suite() -> Result<Vec<Drawn>, Box<dyn std::error::Error>> {
    let mut groups = Vec::new();
    if let Some(directory) = test_data::suite::directory() {
        println!("cargo::rerun-if-changed={}", directory.display());
        groups.extend(test_data::suite::groups(&directory)?);
    }
    if let Some(directory) = test_data::suite::optional_directory() {
        println!("cargo::rerun-if-changed={}", directory.display());
        groups.extend(test_data::suite::optional_groups(&directory)?);
    }
    Ok(groups.into_iter().map(drawn_of_suite).collect())
}

fn drawn_of_suite(group: Group) -> Drawn {
    let mut schema = group.schema;
    if let Some(keywords) = schema.as_object_mut() {
        keywords.entry("$schema").or_insert(group.dialect.into());
    }
    Drawn {
        name: group.name,
        schema,
        tests: group.tests,
    }
}

/// Schemas that a generator once tripped over, in the form of the suite.
fn cases() -> Result<Vec<Drawn>, Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=cases.json");
    let read: Vec<Value> = serde_json::from_str(include_str!("cases.json"))?;
    let drawn = |group: Value| Drawn {
        name: group["description"].as_str().unwrap_or_default().to_owned(),
        schema: group["schema"].clone(),
        tests: group["tests"].clone(),
    };
    Ok(read.into_iter().map(drawn).collect())
}

/// The documents of this crate, and those of the directory that
/// `APIFOX_DOCUMENTS` names.
fn documents() -> Result<String, Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=documents");
    println!("cargo::rerun-if-env-changed=APIFOX_DOCUMENTS");
    let mut files = generate::files(Path::new("documents"))?;
    if let Some(others) = std::env::var_os("APIFOX_DOCUMENTS") {
        println!("cargo::rerun-if-changed={}", others.display());
        files.extend(generate::files(Path::new(&others))?);
    }
    generate::table(&files)
}

/// The seed of what is fresh.
fn seed() -> Result<u64, Box<dyn std::error::Error>> {
    Ok(match std::env::var("APIFOX_EXACTNESS_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
    })
}

/// Schemas drawn from fixed and from fresh seeds, one where there are `each` seeds.
fn drawn(
    each: u64,
    schema: fn(draw::Draw) -> Value,
) -> Result<Vec<Drawn>, Box<dyn std::error::Error>> {
    let fresh = seed()?;
    let count = match std::env::var("APIFOX_EXACTNESS_COUNT") {
        Ok(count) => count.parse()?,
        Err(_) => FRESH,
    };
    let fixed = (0..FIXED / each).map(|at| ("fixed", at));
    let fresh = (0..count / each).map(|at| ("fresh", fresh.wrapping_mul(10_000).wrapping_add(at)));
    let draw = |(kind, seed): (&str, u64)| Drawn {
        name: format!("{kind} seed {seed}"),
        schema: schema(draw::Draw::new(seed)),
        tests: json!([]),
    };
    Ok(fixed.chain(fresh).map(draw).collect())
}

/// What is generated of a schema: the code, and the path of the type in it.
type Made = Result<(String, &'static str), String>;

/// The modules, and the table `CASES` of them.
fn table(drawn: &[Drawn]) -> Result<String, std::fmt::Error> {
    rows(drawn, |schema| {
        match apifox_build::rust("schema.json", schema.clone(), "Root") {
            Ok(code) => Ok((code.text, "Root")),
            Err(problems) => Err(problems.to_string()),
        }
    })
}

/// The same, with all formats asserted.
fn table_of_formats(drawn: &[Drawn], out: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let directory = out.join("formats");
    std::fs::create_dir_all(&directory)?;
    let file = directory.join("root.json");
    let made = |schema: &Value| {
        let document = json!({ "jsonSchema": schema }).to_string();
        std::fs::write(&file, document).map_err(|error| error.to_string())?;
        let builder = apifox_build::Builder::new(&directory).operations(false);
        match builder.formats(apifox_build::FORMATS).generate() {
            Ok(code) => Ok((code, "root::Root")),
            Err(problems) => Err(problems.to_string()),
        }
    };
    Ok(rows(drawn, made)?)
}

fn rows(drawn: &[Drawn], made: impl Fn(&Value) -> Made) -> Result<String, std::fmt::Error> {
    let mut modules = String::new();
    let mut rows = String::new();
    for (
        at,
        Drawn {
            name,
            schema,
            tests,
        },
    ) in drawn.iter().enumerate()
    {
        let outcome = match made(schema) {
            Ok((code, root)) => {
                writeln!(modules, "mod m{at} {{\n{code}\n}}")?;
                format!("Outcome::Generated(apifox_exactness::recode::<m{at}::{root}>)")
            }
            Err(problems) => format!("Outcome::Refused({problems:?})"),
        };
        writeln!(
            rows,
            "Case {{ name: {name:?}, schema: {:?}, tests: {:?}, outcome: {outcome} }},",
            schema.to_string(),
            tests.to_string(),
        )?;
    }
    Ok(format!(
        "{modules}\npub const CASES: &[Case] = &[\n{rows}];\n"
    ))
}
