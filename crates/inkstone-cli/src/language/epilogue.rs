//! What stands behind the help of a command: paragraphs, tables and examples, in lines that fit.

use clap::Command;
use unicode_width::UnicodeWidthStr as _;

use crate::wrap::{padded, wrap};

/// Stands for a space of a line that is left whole, which clap would break.
pub const KEPT_SPACE: char = '\u{e000}';

/// How deep a description stands where a terminal is too narrow for it beside its term.
const BELOW: usize = 6;

/// The commands with what stands behind their help in lines of at most `width` columns. The spaces
/// of lines that are left whole are `space`.
pub fn fitted(command: Command, width: usize, space: char) -> Command {
    let text = command.get_after_help().map(ToString::to_string);
    let command = match text {
        Some(text) => command.after_help(fill(&text, width, space)),
        None => command,
    };
    command.mut_subcommands(|command| fitted(command, width, space))
}

/// Each line is a paragraph; if it is indented, a row of a table, whose description stands behind
/// two spaces or more, or an example. An example is left whole, to be pasted.
fn fill(text: &str, width: usize, space: char) -> String {
    let mut column = None;
    let lines = text.lines().map(|line| {
        let words = line.trim_start_matches(' ');
        if words.len() == line.len() {
            column = None;
            return wrap(line, width).join("\n");
        }
        match words.split_once("  ") {
            Some((term, description)) => {
                let indent = line.len() - words.len();
                let description = description.trim_start();
                let start = line.len() - description.len();
                let column = *column.get_or_insert(start);
                row((indent, term), description, column, width)
            }
            None => line.replace(' ', &space.to_string()),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A row with its description at `column`: below its term if there is no room beside it, for half
/// a line or for a word.
fn row((indent, term): (usize, &str), description: &str, column: usize, width: usize) -> String {
    let term = format!("{}{term}", " ".repeat(indent));
    let lines_at = |column: usize| wrap(description, width.saturating_sub(column).max(1));
    let has_room = |line: &String| column + line.width() <= width;
    let is_beside = 2 * column <= width && lines_at(column).iter().all(has_room);
    let column = if is_beside { column } else { BELOW };
    let lines = lines_at(column);
    let gap = format!("\n{}", " ".repeat(column));
    let description = lines.join(&gap);
    match is_beside && term.width() < column {
        true => format!("{}{description}", padded(&term, column)),
        false => format!("{term}{gap}{description}"),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn paragraphs_and_rows_are_broken_and_examples_are_not() {
        let text = "\
Examples:
  inkstone task wait --out cats

One two three four five six.

Environment:
  KEY     the key of the API
  KEY, ADDRESS  both of them in one";
        let narrow = "\
Examples:
  inkstone~task~wait~--out~cats

One two three four
five six.

Environment:
  KEY     the key of
          the API
  KEY, ADDRESS
          both of
          them in
          one";
        assert_eq!(fill(text, 20, '~').replace("~~", "  "), narrow);
        let narrower = "  KEY\n      the key of\n      the API";
        assert_eq!(fill("  KEY     the key of the API", 18, ' '), narrower);
        let chinese = "\
示例：
  1  一二三
     四五";
        assert_eq!(fill("示例：\n  1  一二三四五", 11, ' '), chinese);
    }
}
