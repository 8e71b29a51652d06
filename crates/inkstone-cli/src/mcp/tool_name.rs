//! The tools by name.

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolName {
    Models,
    Check,
    Price,
    Generate,
    Edit,
    Submit,
    Wait,
    Tasks,
    Batch,
}

/// The tools, each with its name and what it does.
pub const ALL: [(ToolName, &str, &str); 9] = [
    (
        ToolName::Models,
        "models",
        "List the models, or with a name what that model accepts and costs. Sends nothing.",
    ),
    (
        ToolName::Check,
        "check",
        "Check a request against its document: violations with JSON pointer and rule, and what \
         it may cost. Sends nothing.",
    ),
    (
        ToolName::Price,
        "price",
        "What a request may cost, and what was spent before. Sends nothing.",
    ),
    (
        ToolName::Generate,
        "generate",
        "Make pictures, which are billed, and save them. The result has their paths and small \
         copies.",
    ),
    (
        ToolName::Edit,
        "edit",
        "Make pictures from pictures, which are billed, and save them. A picture that goes in is \
         a URL, a data URI, or the path of a file on this machine.",
    ),
    (
        ToolName::Submit,
        "submit",
        "Begin to make pictures, which are billed, as a task. The result has the task's id for \
         `wait`; its pictures are kept for a day.",
    ),
    (
        ToolName::Wait,
        "wait",
        "Wait for a task and save its pictures. Where it is still running after the time, wait \
         again.",
    ),
    (
        ToolName::Tasks,
        "tasks",
        "List the tasks of the last 24 hours.",
    ),
    (
        ToolName::Batch,
        "batch_status",
        "What has become of the jobs of `inkstone batch` in a directory.",
    ),
];

impl ToolName {
    /// Whether it orders pictures.
    pub fn orders(self) -> bool {
        matches!(self, Self::Generate | Self::Edit | Self::Submit)
    }

    pub fn find(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(_, own, _)| *own == name)?;
        Some(found.0)
    }
}
