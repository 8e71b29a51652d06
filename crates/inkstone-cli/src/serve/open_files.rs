//! How many connections there may be, so that files can still be opened: a picture that was paid for
//! is saved in one.

/// How many connections there are at a time; others wait.
const MOST: usize = 1024;

/// How many open files are asked for at most.
#[cfg(unix)]
const MOST_FILES: u64 = 1 << 16;

/// Has the system allow as many open files as it does, and returns how many connections there may
/// be at a time.
pub fn connections() -> usize {
    match allowed() {
        Some(files) => for_files(files),
        None => MOST,
    }
}

/// Half of the files are for what comes of the connections.
fn for_files(files: u64) -> usize {
    usize::try_from(files / 2).map_or(MOST, |most| most.clamp(1, MOST))
}

/// How many files may be open, if that is limited.
#[cfg(unix)]
fn allowed() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let current = limit.current?;
    let wanted = limit
        .maximum
        .map_or(MOST_FILES, |most| most.min(MOST_FILES));
    if wanted <= current {
        return Some(current);
    }
    let more = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    // Where it is not allowed, there are fewer connections.
    Some(setrlimit(Resource::Nofile, more).map_or(current, |()| wanted))
}

#[cfg(not(unix))]
fn allowed() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::for_files;

    #[test]
    fn half_of_the_files_are_left_for_pictures() {
        let expected = [
            (0, 1),
            (256, 128),
            (1024, 512),
            (2048, 1024),
            (65_536, 1024),
        ];
        for (files, connections) in expected {
            assert_eq!(for_files(files), connections, "{files}");
        }
    }
}
