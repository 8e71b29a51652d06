//! Validates a schema before it is lowered: every keyword is known, belongs to the draft,
//! and has a well-formed value.
//!
//! What passes can be lowered, so everything that is wrong with a schema is reported at
//! once.

use std::collections::{BTreeMap, HashMap};

use apifox_runtime::{Draft, Pattern, References, Schemas};
use serde_json::Value;

use crate::api::Model;
use crate::diagnostics::{Diagnostic, shortened};
use crate::document::{file_of, written_place};
use crate::pointer::JsonValueExt as _;
use crate::schema::keywords::{Form, Keyword, Treatment, keyword};
use crate::schema::reachable::reachable_schemas;
use crate::schema::{JsonType, SchemaRef, image_keyword, subschemas_of_keyword};

/// Validates schemas, each shared one only once.
#[derive(Debug, Default)]
pub struct SchemaValidator<'d> {
    models: Option<Models>,
    /// The schemas compiled so far, and where references in them start.
    compiled: Option<(&'d Value, Draft, Schemas<'d>)>,
    /// The numbers of the document that are not kept, as they are written, by their place.
    inexact: Option<&'d BTreeMap<String, String>>,
}

impl<'d> SchemaValidator<'d> {
    /// Validates schemas of a document in which these numbers, given as they are written by
    /// their place, are not kept as they are.
    #[must_use]
    pub fn new(inexact: &'d BTreeMap<String, String>) -> Self {
        Self {
            inexact: Some(inexact),
            ..Self::default()
        }
    }

    /// The draft that a schema is written in. References in it start from the schema `root`,
    /// which stands at a place of the document.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, or with the models that it refers to.
    pub fn validate(
        &mut self,
        file: &str,
        root: (&'d Value, &str),
        schema: SchemaRef<'_>,
        models: &BTreeMap<String, Model>,
    ) -> Result<Draft, Vec<Diagnostic>> {
        let draft = draft(file, schema)?;
        let (document, place) = root;
        let mut validation = Validation {
            file,
            root: schema.pointer,
            inexact: self.inexact,
            draft,
            references: Vec::new(),
            diagnostics: Vec::new(),
        };
        validation.schema(schema.value, schema.pointer);
        let Validation {
            references,
            mut diagnostics,
            ..
        } = validation;
        if !models.is_empty() {
            let known = self
                .models
                .get_or_insert_with(|| Models::new(file, document, models, self.inexact));
            diagnostics.extend(known.diagnostics_of(document, schema));
        }
        // References and cycles show only when the schema is compiled.
        if diagnostics.is_empty()
            && let Some(first) = self.uncompilable(file, root, schema, draft)
        {
            let root = SchemaRef {
                value: document,
                pointer: place,
            };
            diagnostics = dangling(file, root, draft, &references);
            if diagnostics.is_empty() {
                diagnostics.push(first);
            }
        }
        if diagnostics.is_empty() {
            Ok(draft)
        } else {
            Err(diagnostics)
        }
    }

    /// The schemas that references from `root` can lead to, those compiled before among
    /// them.
    pub fn schemas(&mut self, root: &'d Value, draft: Draft) -> &mut Schemas<'d> {
        let is_same = |(known, of_draft, _): &(&'d Value, Draft, Schemas<'d>)| {
            std::ptr::eq(*known, root) && *of_draft == draft
        };
        let kept = self.compiled.take().filter(is_same);
        let new = || (root, draft, Schemas::new(root, draft));
        &mut self.compiled.insert(kept.unwrap_or_else(new)).2
    }

    /// Why a schema cannot be compiled.
    fn uncompilable(
        &mut self,
        file: &str,
        (document, place): (&'d Value, &str),
        schema: SchemaRef<'_>,
        draft: Draft,
    ) -> Option<Diagnostic> {
        let local = schema.pointer.strip_prefix(place)?;
        let found = self.schemas(document, draft).checker(local).err()?;
        let help = match found.keyword.as_str() {
            "$ref" | "$dynamicRef" => REFER_WITHIN,
            _ => "correct the keyword's value",
        };
        let pointer = format!("{place}{}", found.pointer);
        let keyword = Some(found.keyword.as_str()).filter(|keyword| !keyword.is_empty());
        Some(Diagnostic::new(file, pointer, found.message, help).with_keyword(keyword))
    }
}

/// What is wrong with the schemas that others share.
#[derive(Debug)]
struct Models {
    /// By place, where something is wrong.
    diagnostics: HashMap<String, Vec<Diagnostic>>,
}

impl Models {
    fn new(
        file: &str,
        document: &Value,
        models: &BTreeMap<String, Model>,
        inexact: Option<&BTreeMap<String, String>>,
    ) -> Self {
        let mut diagnostics = HashMap::new();
        for pointer in models.keys() {
            let mut validation = Validation {
                file,
                root: pointer,
                inexact,
                draft: Draft::Latest,
                references: Vec::new(),
                diagnostics: Vec::new(),
            };
            if let Some(model) = document.value_at(pointer) {
                validation.schema(model, pointer);
            }
            if !validation.diagnostics.is_empty() {
                diagnostics.insert(pointer.clone(), validation.diagnostics);
            }
        }
        Self { diagnostics }
    }

    /// What is wrong with the models that a schema refers to.
    fn diagnostics_of(&self, document: &Value, schema: SchemaRef<'_>) -> Vec<Diagnostic> {
        // To follow the references of each schema would take as long as there are schemas,
        // squared.
        if self.diagnostics.is_empty() {
            return Vec::new();
        }
        let reached = reachable_schemas(document, vec![schema.pointer.to_owned()]);
        let found = reached
            .iter()
            .filter_map(|pointer| self.diagnostics.get(pointer));
        found.flatten().cloned().collect()
    }
}

fn draft(file: &str, schema: SchemaRef<'_>) -> Result<Draft, Vec<Diagnostic>> {
    Draft::of_schema(schema.value).ok_or_else(|| {
        vec![
            Diagnostic::new(
                file,
                schema.pointer,
                format!(
                    "{} is neither draft 7 nor draft 2020-12",
                    shortened(&schema.value["$schema"])
                ),
                "only these two drafts are supported; leave $schema out for 2020-12",
            )
            .with_keyword("$schema"),
        ]
    })
}

/// All references that do not resolve; the compiler reports only the first.
fn dangling(
    file: &str,
    root: SchemaRef<'_>,
    draft: Draft,
    references: &[(String, String)],
) -> Vec<Diagnostic> {
    let known = References::new(root.value, draft);
    let lost = |(pointer, reference): &(String, String)| {
        let local = pointer.strip_prefix(root.pointer)?;
        let message = match known.target(local, reference) {
            Some(target) if root.value.value_at(&target).is_some() => return None,
            Some(target) => format!("there is nothing at {}", shown(file, &target)),
            None => format!("{reference} leads out of the document, or to no anchor in it"),
        };
        Some(Diagnostic::new(file, pointer, message, REFER_WITHIN).with_keyword("$ref"))
    };
    references.iter().filter_map(lost).collect()
}

/// A place of the document `file`; one in another file is called as it is written.
fn shown(file: &str, place: &str) -> String {
    match file_of(place) {
        Some(_) => written_place(file, place),
        None => place.to_owned(),
    }
}

const REFER_WITHIN: &str = "refer to a schema of the same document, such as #/$defs/name";

struct Validation<'f> {
    file: &'f str,
    /// The place of the root schema.
    root: &'f str,
    inexact: Option<&'f BTreeMap<String, String>>,
    draft: Draft,
    /// The place of each schema that refers to another one, and the reference.
    references: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl Validation<'_> {
    fn schema(&mut self, schema: &Value, pointer: &str) {
        let keywords = match schema {
            Value::Bool(_) => return,
            Value::Object(keywords) => keywords,
            _ => {
                let message = format!("{} is not a schema", shortened(schema));
                self.add(pointer, None, message, "write an object, true or false");
                return;
            }
        };
        let is_root = pointer == self.root;
        if !is_root
            && keywords.contains_key("$schema")
            && Draft::of_schema(schema) != Some(self.draft)
        {
            let message = "names another draft than the document's".to_owned();
            let help = "write the whole document in one draft";
            self.add(pointer, Some("$schema"), message, help);
            return;
        }
        // Draft 7 ignores everything beside `$ref`.
        let only_ref = self.draft == Draft::Seven && keywords.contains_key("$ref");
        self.inexact_numbers(schema, pointer);
        for (name, value) in keywords {
            let holds_schemas = matches!(name.as_str(), "$ref" | "definitions" | "$defs");
            if only_ref && !holds_schemas {
                continue;
            }
            self.keyword(name, value, pointer);
        }
    }

    /// That a number in a rule of the schema at `pointer` is not kept as it is written.
    fn inexact_numbers(&mut self, schema: &Value, pointer: &str) {
        let own = format!("{pointer}/");
        let inexact = self.inexact.into_iter();
        let below = inexact.flat_map(|inexact| inexact.range(own.clone()..));
        for (place, written) in below.take_while(|(place, _)| place.starts_with(&own)) {
            let steps = &place[own.len()..];
            let Some(name) = rule_of(steps) else {
                continue;
            };
            // A correction may have put another one there.
            let moved = match name {
                "minimum" => &schema["exclusiveMinimum"],
                "maximum" => &schema["exclusiveMaximum"],
                _ => &Value::Null,
            };
            let there = schema.value_at(&format!("/{steps}")).unwrap_or(moved);
            let is_there = there.is_f64();
            if is_there {
                let message = format!("{written} has more digits than are kept");
                self.add(pointer, Some(name), message, MOST_DIGITS);
            }
        }
    }

    fn keyword(&mut self, name: &str, value: &Value, pointer: &str) {
        let Some(known) = keyword(name) else {
            let help = "if it is an extension, its name has to start with x-; if it is \
                          a slip, correct it";
            let message = "is not a keyword of JSON Schema".to_owned();
            self.add(pointer, Some(name), message, help);
            return;
        };
        if let Some((message, help)) = keyword_error(known, value, self.draft) {
            self.add(pointer, Some(name), message, &help);
            return;
        }
        if let ("$ref", Some(target)) = (name, value.as_str()) {
            let reference = (pointer.to_owned(), target.to_owned());
            self.references.push(reference);
        }
        for subschema in subschemas_of_keyword(name, value) {
            self.schema(subschema.value, &format!("{pointer}{}", subschema.pointer));
        }
    }

    fn add(&mut self, pointer: &str, keyword: Option<&str>, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::new(self.file, pointer, message, help).with_keyword(keyword));
    }
}

const MOST_DIGITS: &str =
    "an integer of 64 bits or a number of 15 digits is kept: write one that is, in a correction";

/// The keyword whose number stands at `steps` below a schema, if its value is a rule.
fn rule_of(steps: &str) -> Option<&str> {
    let name = steps.split('/').next().unwrap_or_default();
    let form = keyword(name).map(|known| known.form);
    let is_bound = matches!(form, Some(Form::Number | Form::Positive | Form::Count));
    (steps == name && is_bound || matches!(name, "const" | "enum")).then_some(name)
}

/// The schema with the innermost rule around the number at `place`, and its keyword.
fn innermost_rule(place: &str) -> Option<(&str, &str)> {
    place.rmatch_indices('/').find_map(|(at, _)| {
        let around = &place[..at];
        // There it is the name of a property.
        let is_name = around.ends_with("/properties") || around.ends_with("/patternProperties");
        let name = rule_of(&place[at + 1..]).filter(|_| !is_name)?;
        Some((around, name))
    })
}

/// The rules of the schema at `pointer` of `root`, and of those that it refers to, whose
/// numbers are not kept as they are written.
#[must_use]
pub fn inexact_rules(
    file: &str,
    (root, pointer): (&Value, &str),
    inexact: &BTreeMap<String, String>,
) -> Vec<Diagnostic> {
    if inexact.is_empty() {
        return Vec::new();
    }
    let schemas = reachable_schemas(root, vec![pointer.to_owned()]);
    let is_reached = |place: &str| {
        let mut around = schemas.iter();
        around.any(|schema| {
            place
                .strip_prefix(schema.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let rules = inexact.iter().filter_map(|(place, written)| {
        let (around, name) = innermost_rule(place)?;
        let message = format!("{written} has more digits than are kept");
        let diagnostic = Diagnostic::new(file, around, message, MOST_DIGITS);
        is_reached(place).then(|| diagnostic.with_keyword(name))
    });
    rules.collect()
}

/// What is wrong with a keyword in a schema of this draft, and what to do about it.
fn keyword_error(known: &Keyword, value: &Value, draft: Draft) -> Option<(String, String)> {
    if let Treatment::Refused(why) = known.treatment {
        let help = "express it by other keywords in a correction";
        return Some((why.to_owned(), help.to_owned()));
    }
    if let Some(only) = known.only
        && only != draft
    {
        return Some(wrong_draft(only));
    }
    let expected = check_form(known.form, value, draft).err()?;
    let message = format!("{} is not {expected}", shortened(value));
    Some((message, format!("write {expected}")))
}

fn wrong_draft(only: Draft) -> (String, String) {
    let (message, help) = match only {
        Draft::Seven => (
            "is a keyword of draft 7, and this is draft 2020-12",
            "say \"$schema\": \"http://json-schema.org/draft-07/schema#\", or use the \
             keyword that took its place",
        ),
        Draft::Latest => (
            "is a keyword of draft 2020-12, and this is draft 7",
            "say \"$schema\": \"https://json-schema.org/draft/2020-12/schema\", or leave \
             it out",
        ),
    };
    (message.to_owned(), help.to_owned())
}

/// Checks that a keyword's value is well formed.
///
/// # Errors
///
/// What the value has to be instead, in words.
pub fn check_form(form: Form, value: &Value, draft: Draft) -> Result<(), &'static str> {
    let is_well_formed = match form {
        Form::Free => true,
        Form::Schema => is_schema(value),
        Form::Schemas => is_schemas(value),
        Form::SchemaOrSchemas => is_schema(value) || draft == Draft::Seven && is_schemas(value),
        Form::NamedSchemas => value.is_object(),
        Form::Dependencies => is_object_of(value, |needs| is_schema(needs) || is_names(needs)),
        Form::Values => value.is_array(),
        Form::Types => JsonType::list(value).is_some(),
        Form::Count => is_count(value),
        Form::Number => value.is_number(),
        Form::Positive => value.as_f64().is_some_and(|number| number > 0.0),
        Form::Text => value.is_string(),
        Form::Pattern => value.as_str().is_some_and(Pattern::is_valid),
        Form::Flag => value.is_boolean(),
        Form::Names => is_names(value),
        Form::NamedNames => is_object_of(value, is_names),
        Form::Picture => image_keyword::is_well_formed(value),
    };
    match is_well_formed {
        true => Ok(()),
        false => Err(expected(form, value, draft)),
    }
}

/// What the malformed `value` has to be.
fn expected(form: Form, value: &Value, draft: Draft) -> &'static str {
    match form {
        Form::Free => "",
        Form::Schema => "a schema",
        Form::Schemas => "an array of schemas",
        Form::SchemaOrSchemas if draft == Draft::Seven => "a schema or an array of them",
        Form::SchemaOrSchemas => "a schema; an array of them is prefixItems in draft 2020-12",
        Form::NamedSchemas => "an object of schemas",
        Form::Dependencies => "an object of schemas or arrays of names",
        Form::Values => "an array",
        Form::Types => "the name of a JSON type",
        Form::Count => "a whole number from 0",
        Form::Number => "a number",
        Form::Positive => "a number above 0",
        Form::Text => "a string",
        Form::Pattern if value.as_str().is_some_and(Pattern::has_too_many) => {
            "a regular expression of at most 1000 alternatives"
        }
        Form::Pattern if value.as_str().is_some_and(Pattern::costs_too_much) => {
            "a regular expression that can be compiled: it nests or repeats too much"
        }
        Form::Pattern => "a regular expression of ECMA-262",
        Form::Flag => "true or false",
        Form::Names => "an array of strings",
        Form::NamedNames => "an object of arrays of strings",
        Form::Picture => {
            "an object like {\"formats\": [\"png\"], \"maxBytes\": 1000, \"side\": \
             {\"minimum\": 1, \"maximum\": 2}, \"ratio\": {\"minimum\": \"1:8\", \
             \"maximum\": \"8:1\"}}, or with fewer of these"
        }
    }
}

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn is_schemas(value: &Value) -> bool {
    value.as_array().is_some_and(|schemas| !schemas.is_empty())
}

fn is_names(value: &Value) -> bool {
    let names = value.as_array();
    names.is_some_and(|names| names.iter().all(Value::is_string))
}

fn is_object_of(value: &Value, is_member: impl Fn(&Value) -> bool) -> bool {
    let members = value.as_object();
    members.is_some_and(|members| members.values().all(is_member))
}

fn is_count(value: &Value) -> bool {
    let whole = |number: f64| number.fract() == 0.0 && number >= 0.0;
    value.is_u64() || value.as_f64().is_some_and(whole)
}
