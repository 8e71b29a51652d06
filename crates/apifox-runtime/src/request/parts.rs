//! Splits a request's JSON form into parameters and body.

use crate::request::error::Unsendable;
use crate::request::operation::{Location, Operation, Parameter};
use crate::request::parameters::serialization::Style;
use crate::value::node::Node;

const BODY: &str = "body";

/// A request, split into its parts.
pub(super) struct Request<'r> {
    declared: &'static [Parameter],
    parameters: Vec<Given<'r>>,
    /// The body, if there is one.
    pub(super) body: Option<&'r Node<'r>>,
}

/// A parameter and its value, which is `null` only where that is written.
pub(super) type Given<'r> = (Parameter, &'r Node<'r>);

impl<'r> Request<'r> {
    /// Splits `request`; refuses members that would not be sent.
    pub(super) fn split(operation: &Operation, request: &'r Node<'r>) -> Result<Self, Unsendable> {
        let (parameters, body) = match operation.parameters {
            Some(parameters) => (given(operation, parameters, request)?, request.get(BODY)),
            None => (
                Vec::new(),
                Some(request).filter(|request| !is_nothing(operation, request)),
            ),
        };
        if operation.body.is_none() && body.is_some() {
            return Err(Unsendable::body("the operation has none"));
        }
        Ok(Self {
            declared: operation.parameters.unwrap_or_default(),
            parameters,
            body,
        })
    }

    /// The names of the parameters that may go to `location`.
    pub(super) fn declared(&self, location: Location) -> impl Iterator<Item = &'static str> {
        let here = self.declared.iter();
        here.filter(move |parameter| parameter.location == location)
            .map(|parameter| parameter.name)
    }

    /// The parameters that go to `location`, in the operation's order.
    pub(super) fn given(&self, location: Location) -> Vec<Given<'r>> {
        let mut given = self.parameters.clone();
        given.retain(|(parameter, _)| parameter.location == location);
        given
    }
}

/// Whether `request` is empty and the operation has no body.
fn is_nothing(operation: &Operation, request: &Node<'_>) -> bool {
    let is_empty = match request {
        Node::Null => true,
        Node::Object(members) => members.is_empty(),
        _ => false,
    };
    operation.body.is_none() && is_empty
}

fn given<'r>(
    operation: &Operation,
    parameters: &[Parameter],
    request: &'r Node<'r>,
) -> Result<Vec<Given<'r>>, Unsendable> {
    let Node::Object(members) = request else {
        return Err(Unsendable::new("the request", "it is not an object"));
    };
    for (member, values) in members.iter().filter(|(member, _)| member != BODY) {
        let Some(location) = Location::named(member) else {
            let problem = format!("the operation has no `{member}`");
            return Err(Unsendable::new("the request", problem));
        };
        refuse_unknown(parameters, location, values)?;
    }
    let value = |parameter: &Parameter| request.get(parameter.location.name())?.get(parameter.name);
    let mut given = Vec::new();
    for parameter in parameters {
        match value(parameter) {
            Some(Node::Null) if !is_required(operation, request, parameter) => {}
            Some(Node::Null) if parameter.serialization.style != Style::Json => {
                let problem = "it is required and null, which its style can't write";
                return Err(Unsendable::parameter(
                    parameter.location,
                    parameter.name,
                    problem,
                ));
            }
            Some(value) => given.push((*parameter, value)),
            None => {}
        }
    }
    Ok(given)
}

/// Whether a request must have this parameter, by what its check says of one without it. Of the
/// request only the parameters of its location are looked at: what else is missing is so with and
/// without it, and a body may have megabytes.
fn is_required(operation: &Operation, request: &Node<'_>, parameter: &Parameter) -> bool {
    let location = parameter.location.name();
    let Some(Node::Object(values)) = request.get(location) else {
        return false;
    };
    let count = |is_kept: &dyn Fn(&str) -> bool| {
        let kept = values.iter().filter(|(name, _)| is_kept(name)).cloned();
        let values = Node::Object(kept.collect());
        let request = Node::Object(vec![(location.into(), values)]);
        (operation.check_request)(&request).violations().len()
    };
    count(&|name| name != parameter.name) > count(&|_| true)
}

/// Refuses a parameter that the operation does not have: it would silently not be sent.
fn refuse_unknown(
    parameters: &[Parameter],
    location: Location,
    values: &Node<'_>,
) -> Result<(), Unsendable> {
    let values = match values {
        Node::Object(values) => values.as_slice(),
        Node::Null => &[],
        _ => {
            let subject = format!("the request's `{}`", location.name());
            return Err(Unsendable::new(
                subject,
                "it is not an object of parameters",
            ));
        }
    };
    let is_known = |name: &str| {
        parameters
            .iter()
            .any(|parameter| parameter.location == location && parameter.name == name)
    };
    match values.iter().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => {
            let problem = "the operation has no such parameter";
            Err(Unsendable::parameter(location, name, problem))
        }
        None => Ok(()),
    }
}
