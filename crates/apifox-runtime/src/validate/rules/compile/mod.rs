//! Compiles schemas: from JSON to [`CompiledSchema`].

mod analysis;
mod keywords;
mod source;

use std::collections::HashMap;

use jsonptr::{Pointer, PointerBuf};
use serde_json::Value;

use self::keywords::{numbers, own, texts, values};
use self::source::{Compiled, Source};
use crate::validate::rules::compiled::CompiledSchemas;
use crate::validate::rules::draft::{Draft, Unsupported};
use crate::validate::rules::resources::Resources;
use crate::validate::rules::rule::{
    ArrayRule, Id, LogicRule, ObjectRule, Properties, Rule, SchemaRules,
};
use crate::validate::tags::Tags;

/// Compiles the schemas of a document, each once, when something first refers to it.
pub(crate) struct Compiler<'s> {
    document: &'s Value,
    draft: Draft,
    resources: Resources,
    ids: HashMap<PointerBuf, Id>,
    /// The schemas that have a place and no rules yet.
    pending: Vec<(Id, &'s Value)>,
    /// Whether dynamic anchors are compiled: once something refers to one.
    has_anchors: bool,
}

impl<'s> Compiler<'s> {
    /// References are resolved in `document`.
    pub(crate) fn new(document: &'s Value, draft: Draft) -> Self {
        Self {
            document,
            draft,
            resources: Resources::from_document(document, draft),
            ids: HashMap::new(),
            pending: Vec::new(),
            has_anchors: false,
        }
    }

    /// Compiles the schema at `pointer`, and all that it refers to, into `all`: always the
    /// same.
    ///
    /// # Errors
    ///
    /// A keyword whose value is invalid, or a reference that can't be resolved or that
    /// refers to itself without end.
    pub(crate) fn compile(&mut self, all: &mut CompiledSchemas, pointer: &str) -> Compiled<Id> {
        let mut batch = Batch::new(self, all);
        let start = batch.start(pointer)?;
        batch.finish();
        compiled(all, start)
    }

    /// Compiles the schema without its type, an object's fields and an array's items.
    /// References to the schema still mean all of it.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub(crate) fn compile_cross_field_only(
        &mut self,
        all: &mut CompiledSchemas,
        pointer: &str,
    ) -> Compiled<Id> {
        let whole = self.compile(all, pointer)?;
        let mut batch = Batch::new(self, all);
        let start = batch.cross_field_only(whole)?;
        batch.finish();
        compiled(all, start)
    }
}

/// The schema, unless it or one that it applies is at fault.
fn compiled(all: &CompiledSchemas, id: Id) -> Compiled<Id> {
    match all.schemas[id].fault {
        Some(fault) => Err(all.faults[fault].clone()),
        None => Ok(id),
    }
}

/// What one schema needs that was not compiled before.
struct Batch<'b, 's> {
    compiler: &'b mut Compiler<'s>,
    all: &'b mut CompiledSchemas,
    /// The first schema of the batch.
    first: Id,
}

impl<'b, 's> Batch<'b, 's> {
    fn new(compiler: &'b mut Compiler<'s>, all: &'b mut CompiledSchemas) -> Self {
        let first = all.schemas.len();
        Self {
            compiler,
            all,
            first,
        }
    }

    /// Compiles what is pending. Rules add to that and don't recurse, since a document may
    /// have chains of references as long as it likes.
    fn finish(mut self) {
        while let Some((id, value)) = self.compiler.pending.pop() {
            match self.rules_of(id, value) {
                Ok(rules) => self.all.schemas[id].rules = rules,
                Err(fault) => {
                    self.all.schemas[id].fault = Some(self.all.faults.len());
                    self.all.faults.push(fault);
                }
            }
        }
        analysis::complete(self.all, self.first);
    }

    fn rules_of(&mut self, id: Id, value: &'s Value) -> Compiled<Vec<Rule>> {
        match value {
            Value::Bool(true) => Ok(Vec::new()),
            Value::Bool(false) => Ok(vec![Rule::Never]),
            Value::Object(keywords) => self.rules(&Source {
                keywords,
                pointer: self.all.pointers[id].clone(),
                resource: self.all.schemas[id].resource,
            }),
            _ => Err(Unsupported {
                pointer: self.all.pointers[id].to_string(),
                keyword: String::new(),
                message: "a schema is an object or a boolean".into(),
            }),
        }
    }

    /// The schema `whole` without its type, fields and items.
    fn cross_field_only(&mut self, whole: Id) -> Compiled<Id> {
        let (pointer, resource) = (
            self.all.pointers[whole].clone(),
            self.all.schemas[whole].resource,
        );
        let Some(Value::Object(keywords)) = self.compiler.document.pointer(pointer.as_str()) else {
            return Ok(whole);
        };
        let mut rules = self.rules(&Source {
            keywords,
            pointer: pointer.clone(),
            resource,
        })?;
        let is_of_parts = |rule: &Rule| match rule {
            Rule::Type(_) | Rule::Object(ObjectRule::Members { .. } | ObjectRule::Required(_)) => {
                true
            }
            Rule::Array(ArrayRule::Items { prefix, .. }) => prefix.is_empty(),
            _ => false,
        };
        rules.retain(|rule| !is_of_parts(rule));
        Ok(self.add(pointer, resource, rules))
    }

    fn add(&mut self, pointer: PointerBuf, resource: usize, rules: Vec<Rule>) -> Id {
        let id = self.all.schemas.len();
        self.all.pointers.push(pointer);
        self.all.schemas.push(SchemaRules {
            rules,
            resource,
            ..SchemaRules::default()
        });
        id
    }

    /// The schema at `pointer`, to which `keyword` of `from` refers.
    fn at(&mut self, pointer: &Pointer, from: &Pointer, keyword: &str) -> Compiled<Id> {
        let Some(value) = self.compiler.document.pointer(pointer.as_str()) else {
            return Err(Unsupported {
                pointer: from.to_string(),
                keyword: keyword.to_owned(),
                message: format!("there is nothing at {pointer}"),
            });
        };
        Ok(self.schema(value, pointer.to_buf()))
    }

    /// The schema that instances are checked against.
    fn start(&mut self, pointer: &str) -> Compiled<Id> {
        let pointer = PointerBuf::parse(pointer).map_err(|error| Unsupported {
            pointer: pointer.to_owned(),
            keyword: String::new(),
            message: error.to_string(),
        })?;
        self.at(&pointer, Pointer::root(), "")
    }

    /// The place of a schema, whose rules are made later unless they are there.
    fn schema(&mut self, value: &'s Value, pointer: PointerBuf) -> Id {
        if let Some(id) = self.compiler.ids.get(&pointer) {
            return *id;
        }
        let resource = self.compiler.resources.resource(&pointer);
        let id = self.add(pointer.clone(), resource, Vec::new());
        self.compiler.ids.insert(pointer, id);
        self.compiler.pending.push((id, value));
        id
    }

    fn rules(&mut self, source: &Source<'s>) -> Compiled<Vec<Rule>> {
        if self.compiler.draft == Draft::Seven && source.keywords.contains_key("$ref") {
            return Ok(self.reference(source)?.into_iter().collect());
        }
        let mut rules = Vec::new();
        rules.extend(self.reference(source)?);
        rules.extend(self.dynamic_reference(source)?);
        rules.extend(values(source)?);
        rules.extend(numbers(source)?);
        rules.extend(texts(source)?);
        self.arrays(source, &mut rules)?;
        self.objects(source, &mut rules)?;
        self.logic(source, &mut rules)?;
        rules.extend(own(source)?);
        // What is unevaluated is known only after all other rules.
        if self.compiler.draft == Draft::Latest {
            self.unevaluated(source, &mut rules);
        }
        Ok(rules)
    }

    fn reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        let Some(reference) = source.text("$ref")? else {
            return Ok(None);
        };
        let id = self.referred(source, "$ref", reference)?;
        Ok(Some(Rule::Logic(LogicRule::Ref(id))))
    }

    fn referred(&mut self, source: &Source<'s>, keyword: &str, to: &str) -> Compiled<Id> {
        let target = self.compiler.resources.target(source.resource, to);
        let target = target.ok_or_else(|| {
            source.fault(
                keyword,
                format!("{to} leads out of the document, or to no anchor in it"),
            )
        })?;
        self.at(&target, &source.pointer, keyword)
    }

    fn dynamic_reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        if self.compiler.draft == Draft::Seven {
            return Ok(None);
        }
        let Some(reference) = source.text("$dynamicRef")? else {
            return Ok(None);
        };
        let initial = self.referred(source, "$dynamicRef", reference)?;
        let anchor = reference.split_once('#').map_or("", |(_, anchor)| anchor);
        let pointer = &self.all.pointers[initial];
        let is_dynamic = self.compiler.resources.is_dynamic(anchor, pointer);
        if !is_dynamic {
            return Ok(Some(Rule::Logic(LogicRule::Ref(initial))));
        }
        self.dynamic_anchors();
        Ok(Some(Rule::Logic(LogicRule::DynamicRef {
            anchor: anchor.to_owned(),
            initial,
        })))
    }

    fn arrays(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let (tuple, rest) = match self.compiler.draft {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven if matches!(source.get("items"), Some(Value::Array(_))) => {
                ("items", "additionalItems")
            }
            Draft::Seven => ("", "items"),
        };
        if let (Draft::Latest, Some(Value::Array(_))) = (self.compiler.draft, source.get("items")) {
            return Err(source.fault("items", "is an array: draft 2020-12 has prefixItems for it"));
        }
        let prefix = self.list(source, tuple)?;
        let rest = self.child(source, rest);
        if !prefix.is_empty() || rest.is_some() {
            rules.push(Rule::Array(ArrayRule::Items { prefix, rest }));
        }
        let (min_items, max_items) = (source.count("minItems")?, source.count("maxItems")?);
        if min_items.is_some() || max_items.is_some() {
            rules.push(Rule::Array(ArrayRule::Count {
                min_items: min_items.unwrap_or(0),
                max_items,
            }));
        }
        if source.flag("uniqueItems")? {
            rules.push(Rule::Array(ArrayRule::Unique));
        }
        if let Some(schema) = self.child(source, "contains") {
            let counted = self.compiler.draft == Draft::Latest;
            let bound = |name| {
                if counted {
                    source.count(name)
                } else {
                    Ok(None)
                }
            };
            rules.push(Rule::Array(ArrayRule::Contains {
                schema,
                min_contains: bound("minContains")?.unwrap_or(1),
                max_contains: bound("maxContains")?,
            }));
        }
        Ok(())
    }

    fn objects(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let properties = self.map(source, "properties")?;
        let mut patterns = Vec::new();
        for (pattern, schema) in self.map(source, "patternProperties")? {
            patterns.push((source.regex("patternProperties", &pattern)?, schema));
        }
        let additional = self.child(source, "additionalProperties");
        if !properties.is_empty() || !patterns.is_empty() || additional.is_some() {
            rules.push(Rule::Object(ObjectRule::Members {
                properties: Properties::new(properties),
                patterns,
                additional,
            }));
        }
        if let Some(names) = source.names("required", source.get("required"))? {
            rules.push(Rule::Object(ObjectRule::Required(names)));
        }
        let mut object = |rule: Option<ObjectRule>| rules.extend(rule.map(Rule::Object));
        object(
            source
                .count("minProperties")?
                .map(ObjectRule::MinProperties),
        );
        object(
            source
                .count("maxProperties")?
                .map(ObjectRule::MaxProperties),
        );
        object(self.child(source, "propertyNames").map(ObjectRule::Names));
        match self.compiler.draft {
            Draft::Latest => {
                let required = source.dependent("dependentRequired")?;
                if !required.is_empty() {
                    rules.push(Rule::Object(ObjectRule::DependentRequired(required)));
                }
                let schemas = self.map(source, "dependentSchemas")?;
                if !schemas.is_empty() {
                    rules.push(Rule::Object(ObjectRule::DependentSchemas(schemas)));
                }
            }
            Draft::Seven => self.dependencies(source, rules)?,
        }
        Ok(())
    }

    /// Draft 7's `dependencies`: names or a schema for each property.
    fn dependencies(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let Some(value) = source.get("dependencies") else {
            return Ok(());
        };
        let Value::Object(dependencies) = value else {
            return Err(source.fault("dependencies", "is not an object"));
        };
        for (name, dependency) in dependencies {
            rules.push(Rule::Object(match dependency {
                Value::Array(_) => {
                    let names = source.names("dependencies", Some(dependency))?;
                    ObjectRule::DependentRequired(vec![(name.clone(), names.unwrap_or_default())])
                }
                schema => {
                    let pointer = source.grandchild("dependencies", name.as_str());
                    let schema = self.schema(schema, pointer);
                    ObjectRule::DependentSchemas(vec![(name.clone(), schema)])
                }
            }));
        }
        Ok(())
    }

    fn logic(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let mut tags = source.get("x-tags").and_then(Tags::from_keyword);
        let mut logic = |rule| rules.push(Rule::Logic(rule));
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if source.get(keyword).is_some() {
                let ids = self.list(source, keyword)?;
                logic(match keyword {
                    "allOf" => LogicRule::AllOf(ids),
                    "anyOf" => LogicRule::AnyOf(ids, tags.take()),
                    _ => LogicRule::OneOf(ids, tags.take()),
                });
            }
        }
        if let Some(schema) = self.child(source, "not") {
            logic(LogicRule::Not(schema));
        }
        if let Some(condition) = self.child(source, "if") {
            logic(LogicRule::If {
                condition,
                then: self.child(source, "then"),
                otherwise: self.child(source, "else"),
                title: source.title_of("if"),
            });
        }
        Ok(())
    }

    fn unevaluated(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) {
        let items = self.child(source, "unevaluatedItems");
        rules.extend(items.map(|schema| Rule::Array(ArrayRule::Unevaluated(schema))));
        let members = self.child(source, "unevaluatedProperties");
        rules.extend(members.map(|schema| Rule::Object(ObjectRule::Unevaluated(schema))));
    }

    fn child(&mut self, source: &Source<'s>, keyword: &str) -> Option<Id> {
        let value = source.get(keyword)?;
        Some(self.schema(value, source.child(keyword)))
    }

    fn list(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<Id>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if !items.is_empty() => items
                .iter()
                .enumerate()
                .map(|(index, item)| Ok(self.schema(item, source.grandchild(keyword, index))))
                .collect(),
            Some(_) => Err(source.fault(keyword, "is not an array of schemas")),
        }
    }

    fn map(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<(String, Id)>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| {
                    let pointer = source.grandchild(keyword, name.as_str());
                    Ok((name.clone(), self.schema(value, pointer)))
                })
                .collect(),
            Some(_) => Err(source.fault(keyword, "is not an object of schemas")),
        }
    }

    /// Compiles the dynamic anchors of each resource.
    fn dynamic_anchors(&mut self) {
        if std::mem::replace(&mut self.compiler.has_anchors, true) {
            return;
        }
        let mut anchors = vec![Vec::new(); self.compiler.resources.list.len()];
        for (resource, name, pointer) in self.compiler.resources.dynamic.clone() {
            if let Some(value) = self.compiler.document.pointer(pointer.as_str()) {
                anchors[resource].push((name, self.schema(value, pointer)));
            }
        }
        self.all.dynamic_anchors = anchors;
    }
}
