//! Finds the examples of a document, whatever form it has.

use apifox_runtime::Location;
use serde_json::Value;

use super::context::Context;
use super::examples::{Example, ExampleContent, Subject, unwrapped};
use super::form_schemas::FormSchemas;
use super::schemas::{Schema, SchemaPlace};
use apifox_document::api::{Body, Content, Endpoint, Reply};
use apifox_document::forms::openapi::resolve_refs;
use apifox_document::pointer::{JsonPointerExt as _, written_place};

/// Every example of a document.
pub(super) fn find_examples<'d>(context: &Context<'d>) -> Vec<Example<'d>> {
    let mut finder = Finder {
        context,
        forms: FormSchemas::of(context),
        examples: Vec::new(),
    };
    for operation in context.api.operations.iter().chain(&context.api.incoming) {
        finder.parameter_examples(operation);
        match context.form.is_openapi() {
            true => finder.openapi_examples(operation),
            false => {
                finder.item_request_examples(operation);
                finder.item_reply_examples(operation);
            }
        }
    }
    for schema in &context.schemas {
        finder.schema_examples(schema);
    }
    finder.examples
}

struct Finder<'l, 'd> {
    context: &'l Context<'d>,
    forms: FormSchemas,
    examples: Vec<Example<'d>>,
}

impl<'d> Finder<'_, 'd> {
    /// Adds the example at `pointer` whose value is at `value`, if there is one.
    fn add(&mut self, pointer: &str, value: String, subject: Subject, schema: Option<SchemaPlace>) {
        let Some(written) = self.context.value_at(&value) else {
            return;
        };
        if subject == Subject::Parameter && is_placeholder(written) {
            return;
        }
        let wrapper = self.context.value_at(pointer);
        let name = wrapper
            .filter(|_| pointer != value)
            .and_then(|wrapper| wrapper["name"].as_str());
        let content = self.content(written, subject, schema.as_ref());
        self.examples.push(Example {
            pointer: pointer.to_owned(),
            value,
            name,
            written,
            content,
            subject,
            schema,
        });
    }

    /// Adds the example in the member `example` of an object, and those in `examples`.
    fn add_members(&mut self, object: &str, subject: Subject, schema: &str) {
        let place = SchemaPlace::root(schema);
        let single = object.child("example");
        self.add(&single, single.clone(), subject, Some(place.clone()));
        for pointer in self.context.child_pointers(&object.child("examples")) {
            // What a reference leads to is an example of others too.
            let Some(example) = resolve_refs(self.context.json, &pointer) else {
                continue;
            };
            let value = example.child("value");
            self.add(&pointer, value, subject, Some(place.clone()));
        }
    }

    /// Most examples are JSON within text; some are the JSON itself.
    fn content(
        &self,
        written: &Value,
        subject: Subject,
        schema: Option<&SchemaPlace>,
    ) -> ExampleContent {
        use ExampleContent::{Empty, Invalid, Json};
        let Value::String(text) = written else {
            let form = schema.filter(|place| self.forms.has_form(&place.pointer));
            return Json(form.map_or_else(|| written.clone(), |place| self.form(written, place)));
        };
        let fits = || schema.is_some_and(|place| self.context.accepts(place, written));
        match (subject, serde_json::from_str::<Value>(text)) {
            // A value in a schema is what it is written as.
            (Subject::Schema, _) => Json(written.clone()),
            // A parameter is sent as text.
            (Subject::Parameter, Ok(parsed)) if !fits() => Json(parsed),
            (Subject::Parameter, _) => Json(written.clone()),
            (_, Ok(parsed)) => Json(parsed),
            (_, Err(_)) if text.trim().is_empty() => Empty,
            (_, Err(_)) if fits() && !text.trim_start().starts_with(['{', '[']) => {
                Json(written.clone())
            }
            (_, Err(error)) => Invalid(error.to_string()),
        }
    }

    /// A form in JSON, whose fields may be written as the texts that they are sent as.
    fn form(&self, written: &Value, form: &SchemaPlace) -> Value {
        let mut value = written.clone();
        for (name, field) in value.as_object_mut().into_iter().flatten() {
            let place = SchemaPlace {
                root: form.root.clone(),
                pointer: form.pointer.child("properties").child(name),
            };
            if let ExampleContent::Json(read) =
                self.content(field, Subject::Parameter, Some(&place))
            {
                *field = read;
            }
        }
        value
    }

    fn parameter_examples(&mut self, operation: &Endpoint) {
        let replies = operation.responses.iter();
        let headers = replies.flat_map(|response| &response.headers);
        // What a request has in a header may be secret.
        let own = operation.parameters.iter();
        let own = own.filter(|parameter| parameter.location != Location::Header);
        for parameter in own.chain(headers) {
            self.media_examples(&parameter.schema, Subject::Parameter);
        }
    }

    /// The examples of a request as a project export has them.
    fn item_request_examples(&mut self, operation: &Endpoint) {
        if let Some(Content::Json(schema)) = operation.body.as_ref().and_then(Body::content) {
            let body = operation.pointer.child("requestBody");
            self.add_members(&body, Subject::Request, schema);
        }
    }

    /// The examples of replies as a project export has them.
    fn item_reply_examples(&mut self, operation: &Endpoint) {
        let list = operation.pointer.child("responseExamples");
        for pointer in self.context.child_pointers(&list) {
            let example = self.context.value_at(&pointer);
            let response = example
                .and_then(|example| operation.response_of_example(self.context.json, example));
            let (subject, schema) = match response {
                Some(response) => match response.content() {
                    Reply::Json(schema) => {
                        let is_success = response.succeeds();
                        (Subject::Reply { is_success }, schema.as_deref())
                    }
                    // Text may be anything.
                    _ => continue,
                },
                None => (Subject::MissingResponse, None),
            };
            let place = schema.map(SchemaPlace::root);
            self.add(&pointer, pointer.child("data"), subject, place);
        }
    }

    /// The examples of an operation as OpenAPI has them, beside the schemas.
    fn openapi_examples(&mut self, operation: &Endpoint) {
        let body = operation.body.as_ref().and_then(Body::content);
        if let Some(Content::Json(schema)) = body {
            self.media_examples(schema, Subject::Request);
        }
        for response in &operation.responses {
            if let Reply::Json(Some(schema)) = response.content() {
                let is_success = response.succeeds();
                self.media_examples(schema, Subject::Reply { is_success });
            }
        }
    }

    fn media_examples(&mut self, schema: &str, subject: Subject) {
        if let Some(media) = schema.strip_suffix("/schema") {
            self.add_members(written_place(media), subject, schema);
        }
    }

    /// The examples within a schema.
    fn schema_examples(&mut self, schema: &Schema<'d>) {
        let mut pointers = Vec::new();
        if schema.get("example").is_some_and(|value| !value.is_null()) {
            pointers.push(schema.member_pointer("example"));
        }
        let list = match schema.get("examples") {
            Some(_) => {
                let examples = schema.member_pointer("examples");
                self.context.child_pointers(&examples)
            }
            None => Vec::new(),
        };
        let is_plain = |pointer: &String| {
            let value = self.context.value_at(pointer);
            value.is_some_and(|value| unwrapped(value).is_none())
        };
        pointers.extend(list.into_iter().filter(is_plain));
        let subject = match self.forms.has_field(schema.pointer()) {
            // What a field holds is sent as text, as a parameter is.
            true => Subject::Parameter,
            false => Subject::Schema,
        };
        for pointer in pointers {
            let place = Some(schema.place.clone());
            self.add(&pointer, pointer.clone(), subject, place);
        }
    }
}

/// Whether something stands for the value of a parameter, as a variable of the editor does.
fn is_placeholder(written: &Value) -> bool {
    let text = written.as_str();
    text.is_some_and(|text| text.trim().is_empty() || text.contains("{{"))
}
