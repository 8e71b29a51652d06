//! What the system says of errors, in Chinese.

use std::io::{self, ErrorKind};

use tr::tr;

use crate::language::is_translated;

/// What stands before the number of an error, as the standard library writes it.
const NUMBERED: &str = " (os error ";

/// A text with errors of the system in it, in the chosen language: the system has its own.
pub fn in_words(text: &str) -> String {
    let mut told = text.to_owned();
    if !is_translated() {
        return told;
    }
    for (at, _) in text.match_indices(NUMBERED) {
        let digits = text[at + NUMBERED.len()..].split(')').next();
        let Some(number) = digits.and_then(|digits| digits.parse().ok()) else {
            continue;
        };
        let error = io::Error::from_raw_os_error(number);
        if let Some(words) = words(error.kind()) {
            told = told.replace(&error.to_string(), &format!("{words}{NUMBERED}{number})"));
        }
    }
    told
}

fn words(kind: ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::NotFound => tr!("there is no such file or directory"),
        ErrorKind::PermissionDenied => tr!("that is not permitted"),
        ErrorKind::ConnectionRefused => tr!("the connection was refused"),
        ErrorKind::ConnectionReset => tr!("the connection was reset"),
        ErrorKind::ConnectionAborted => tr!("the connection was aborted"),
        ErrorKind::HostUnreachable => tr!("the host can't be reached"),
        ErrorKind::NetworkUnreachable => tr!("the network can't be reached"),
        ErrorKind::TimedOut => tr!("it took too long"),
        ErrorKind::AddrInUse => tr!("the address is in use"),
        ErrorKind::AddrNotAvailable => tr!("this machine has no such address"),
        ErrorKind::BrokenPipe => tr!("the pipe is closed"),
        ErrorKind::AlreadyExists => tr!("it exists already"),
        ErrorKind::NotADirectory => tr!("it is no directory"),
        ErrorKind::IsADirectory => tr!("it is a directory"),
        ErrorKind::DirectoryNotEmpty => tr!("the directory is not empty"),
        ErrorKind::ReadOnlyFilesystem => tr!("the file system can only be read"),
        ErrorKind::StorageFull => tr!("the disk is full"),
        ErrorKind::QuotaExceeded => tr!("the quota of the disk is used up"),
        ErrorKind::FileTooLarge => tr!("the file is too large"),
        ErrorKind::InvalidFilename => tr!("the name of the file is not valid"),
        ErrorKind::OutOfMemory => tr!("there is no memory left"),
        _ => return None,
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::in_words;
    use crate::language::{choose, in_chinese};

    #[test]
    fn errors_of_the_system_are_told_in_chinese_with_their_numbers() {
        let text = "a.txt: No such file or directory (os error 2); \
            b: Permission denied (os error 13); c (os error 2); d (os error x)";
        let expected = "a.txt: 文件或目录不存在 (os error 2); b: 没有权限 (os error 13); \
            c (os error 2); d (os error x)";
        choose(&[]);
        assert_eq!(in_chinese(true, || in_words(text)), expected);
        assert_eq!(in_chinese(false, || in_words(text)), text);
    }
}
