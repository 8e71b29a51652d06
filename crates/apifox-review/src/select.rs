//! One operation of a document, for those who send it or serve it without generating
//! anything.

use std::path::Path;

use apifox_document::api::{Api, Endpoint};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::{Document, forms, sources};
use apifox_runtime::{Checker, Draft, Unsupported};
use serde_json::{Value, json};

use crate::bodies::{body_schema, uncompiled, undescribed};
use crate::operation::{Among, endpoint};
use crate::skipped::skipped;
use apifox_document::pointer::{JsonValueExt as _, decoded};
use apifox_document::schema::reachable::standing_alone;

/// The status of a reply that reports success.
const SUCCESS: u16 = 200;

/// One operation of a document, with JSON in its request.
#[derive(Clone, Debug)]
pub struct SelectedOperation {
    /// What its module would be called.
    pub name: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with parameters as `{name}`.
    pub path: String,
    /// The schema of its request.
    pub request: SelectedSchema,
    /// The schema of a reply that reports success, where the document describes one.
    pub reply: Option<SelectedSchema>,
    /// Where it can be reached, as the document says.
    pub servers: Vec<String>,
    /// Where the document asks about a task that the operation answers with.
    pub query: Option<Query>,
    /// What of the document is wrong and was skipped, as far as its request and reply depend on it.
    pub skipped: Vec<Diagnostic>,
}

/// The operation of a document that asks about a task.
#[derive(Clone, Debug)]
pub struct Query {
    /// The path, with the task's id in braces.
    pub path: String,
    /// The schema of its reply, where the document describes one.
    pub reply: Option<SelectedSchema>,
}

/// A schema, where it stands.
#[derive(Clone, Debug)]
pub struct SelectedSchema {
    /// What its references start from.
    pub root: Value,
    /// The JSON pointer to it.
    pub pointer: String,
}

impl SelectedSchema {
    /// Compiles the schema.
    ///
    /// # Errors
    ///
    /// The keyword that can't be compiled, and where it stands.
    pub fn checker(&self) -> Result<Checker, Unsupported> {
        Checker::new(&self.root, &self.pointer, Draft::Latest)
    }

    /// The schema, or that which it does nothing but refer to.
    fn named(&self) -> &Value {
        /// A schema that goes on for longer refers to itself.
        const MOST: usize = 16;
        let mut schema = self.root.value_at(&self.pointer).unwrap_or(&Value::Null);
        for _ in 0..MOST {
            let only = schema.as_object().filter(|members| members.len() == 1);
            let target = only.and_then(|members| members.get("$ref")?.as_str()?.strip_prefix('#'));
            match target.and_then(|target| self.root.value_at(&decoded(target))) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    /// The schema alone, with what it refers to beside it, so that its references start from
    /// itself.
    #[must_use]
    pub fn standalone(&self) -> Value {
        standing_alone(&self.root, self.named())
    }
}

/// The operation with this name in the file at `path`, a document of any form with the
/// corrections beside it; without a name the only one whose request is JSON.
///
/// # Errors
///
/// What is wrong with the document; that it doesn't have the operation, or several; that the
/// operation has no JSON in its request, or a schema can't be compiled.
pub fn select(path: &Path, name: Option<&str>) -> Result<SelectedOperation, Diagnostics> {
    let document = sources::read_file(path)?;
    let found = (|| {
        let api = forms::read(&document, false)?;
        let takes_json = |endpoint: &&Endpoint| body_schema(endpoint, None).is_some();
        let mut taking: Vec<_> = api.operations.iter().filter(takes_json).collect();
        let chosen = match (name, taking.pop()) {
            (None, Some(only)) if taking.is_empty() => only,
            _ => endpoint(&document, &api, name, Among::Served)?,
        };
        selected(&document, &api, chosen)
    })();
    found.map_err(|diagnostics: Diagnostics| diagnostics.at(&document.texts))
}

fn selected(
    document: &Document,
    api: &Api,
    chosen: &Endpoint,
) -> Result<SelectedOperation, Diagnostics> {
    let place = |pointer: &str| match api.is_shared {
        true => SelectedSchema {
            root: api.json.clone(),
            pointer: pointer.to_owned(),
        },
        false => SelectedSchema {
            root: api.json.value_at(pointer).cloned().unwrap_or_default(),
            pointer: String::new(),
        },
    };
    let places = [None, Some(SUCCESS)].map(|reply| body_schema(chosen, reply));
    let [request, reply] = places.map(|found| found.map(place));
    let Some(request) = request else {
        let omitted = api.omitted_parts(document);
        let undescribed = undescribed(document, chosen, None);
        return Err(Diagnostics([vec![undescribed], omitted].concat()));
    };
    for schema in [Some(&request), reply.as_ref()].into_iter().flatten() {
        let checker = schema.checker();
        checker.map_err(|unsupported| uncompiled(document, &unsupported))?;
    }
    let servers = match chosen.servers.is_empty() {
        true => &api.servers,
        false => &chosen.servers,
    };
    let places: Vec<&str> = places.into_iter().flatten().collect();
    Ok(SelectedOperation {
        name: chosen.names.first().cloned().unwrap_or_default(),
        method: chosen.method.clone(),
        path: chosen.path.clone(),
        request,
        reply,
        servers: servers.iter().map(|server| server.url.clone()).collect(),
        query: query(&api.operations, chosen).map(|query| Query {
            path: query.path.clone(),
            reply: body_schema(query, Some(SUCCESS)).map(place),
        }),
        skipped: skipped(document, api, Some(chosen), &places),
    })
}

/// The operation that asks about one task: of all tasks, or of those of the chosen operation.
fn query<'a>(all: &'a [Endpoint], chosen: &Endpoint) -> Option<&'a Endpoint> {
    all.iter().find(|other| {
        let split = other.path.rsplit_once('/');
        let is_of_one = |(parent, last): (&str, &str)| {
            last.starts_with('{') && (parent == chosen.path || parent.ends_with("/tasks"))
        };
        other.method == "GET" && split.is_some_and(is_of_one)
    })
}

/// The replies of a document in Apifox's form.
fn responses(reply: Option<&SelectedSchema>) -> Value {
    let success = |reply: &SelectedSchema| json!({"code": SUCCESS, "contentType": "json", "jsonSchema": reply.standalone()});
    reply.map(success).into_iter().collect()
}

impl Query {
    /// The operation as a document of its own, in Apifox's form.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "name": "query",
            "method": "GET",
            "path": self.path,
            "requestBody": {"type": "none"},
            "responses": responses(self.reply.as_ref()),
        })
    }
}

impl SelectedOperation {
    /// The operation as a document of its own, in Apifox's form.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "name": self.name,
            "method": self.method,
            "path": self.path,
            "requestBody": {"type": "application/json", "jsonSchema": self.request.standalone()},
            "responses": responses(self.reply.as_ref()),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::SelectedSchema;

    #[test]
    fn a_schema_alone_has_what_it_refers_to_and_nothing_else() {
        let cat = json!({"properties": {
            "owner": {"$ref": "#/components/schemas/Owner"},
            "page": {"$ref": "#"},
        }});
        let owner = json!({"properties": {
            "friends": {"items": {"$ref": "#/components/schemas/Owner"}},
            "home": {"$ref": "#/components/schemas/Home"},
        }});
        let home = json!({"type": "string"});
        let root = json!({
            "paths": {"/cats": {"$ref": "#/components/schemas/Dog"}},
            "components": {
                "schemas": {
                    "Cat": cat.clone(),
                    "Dog": {"type": "object"},
                    "Home": home,
                    "Owner": owner,
                    "Request": {"$ref": "#/components/schemas/Cat"},
                },
                "responses": {"gone": {}},
            },
        });
        let request = SelectedSchema {
            root,
            pointer: "/components/schemas/Request".to_owned(),
        };
        let mut expected = cat;
        expected["components"] = json!({"schemas": {"Home": home, "Owner": owner}});
        assert_eq!(request.standalone(), expected);
        // One that refers to itself has it all already.
        let list = json!({"items": {"$ref": "#/$defs/Item"}, "$defs": {"Item": {"$ref": "#"}}});
        let own = SelectedSchema {
            root: list.clone(),
            pointer: String::new(),
        };
        assert_eq!(own.standalone(), list);
    }
}
