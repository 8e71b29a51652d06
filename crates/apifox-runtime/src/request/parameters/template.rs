//! The path of a request: a template, with parameters in place of `{name}`.

use percent_encoding::{AsciiSet, CONTROLS};

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::spelling::{self, Alphabet, encoded_once};
use crate::request::parts::Given;

/// What is encoded in the template's own text: what is not allowed in a URL.
pub const NO_URL_TEXT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A piece of a template.
enum Piece<'t> {
    Literal(&'t str),
    Placeholder(&'t str),
}

/// Fills `parameters` in. What follows `#` in the template is left out, since fragments
/// are never sent.
pub(crate) fn fill(template: &str, parameters: &[Given<'_>]) -> Result<String, Unsendable> {
    let mut path = String::new();
    // Which parameter's value starts where.
    let mut filled: Vec<(usize, &str)> = Vec::new();
    for piece in pieces(template) {
        match piece {
            Piece::Placeholder(name) => {
                filled.push((path.len(), name));
                path.push_str(&value(name, parameters)?);
            }
            Piece::Literal(text) => match text.split_once('#') {
                Some((sent, _)) => {
                    path += &encoded_once(sent, NO_URL_TEXT);
                    break;
                }
                None => path += &encoded_once(text, NO_URL_TEXT),
            },
        }
    }
    refuse_unplaced(parameters, &filled)?;
    refuse_dots(&path, &filled)?;
    // Clients encode it in a query.
    Ok(match path.split_once('?') {
        Some((path, query)) => format!("{path}?{}", query.replace('\'', "%27")),
        None => path,
    })
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((literal, after)) = rest.split_once('{') {
        // An unclosed brace is plain text.
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        pieces.extend([Piece::Literal(literal), Piece::Placeholder(name)]);
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

fn value(name: &str, parameters: &[Given<'_>]) -> Result<String, Unsendable> {
    let refused = |problem| Err(Unsendable::parameter(Location::Path, name, problem));
    let Some((parameter, value)) = parameters
        .iter()
        .find(|(parameter, _)| parameter.name == name)
    else {
        return refused("it is missing, and the path can't do without it");
    };
    match spelling::once(name, parameter.serialization, value, Alphabet::Path) {
        Ok(Some(text)) if !text.is_empty() => Ok(text),
        Ok(_) => refused("it is empty, and the path would lead elsewhere"),
        Err(problem) => refused(problem),
    }
}

fn refuse_unplaced(parameters: &[Given<'_>], filled: &[(usize, &str)]) -> Result<(), Unsendable> {
    let is_placed = |name: &str| filled.iter().any(|(_, filled)| *filled == name);
    match parameters
        .iter()
        .find(|(parameter, _)| !is_placed(parameter.name))
    {
        Some((parameter, _)) => {
            let problem = "the path has no place for it";
            Err(Unsendable::parameter(
                Location::Path,
                parameter.name,
                problem,
            ))
        }
        None => Ok(()),
    }
}

/// Refuses the segments `.` and `..`. Encoding the dots would not help, since clients and
/// servers decode `%2E` before they resolve segments.
fn refuse_dots(path: &str, filled: &[(usize, &str)]) -> Result<(), Unsendable> {
    let path = path.split('?').next().unwrap_or(path);
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        if matches!(
            segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
            "." | ".."
        ) {
            let problem = "it would make the path lead elsewhere, by `.` or `..`";
            let culprit = filled.iter().find(|(at, _)| (start..end).contains(at));
            return Err(match culprit {
                Some((_, name)) => Unsendable::parameter(Location::Path, name, problem),
                None => Unsendable::new("the operation's path", "it has a segment `.` or `..`"),
            });
        }
        start = end + 1;
    }
    Ok(())
}
