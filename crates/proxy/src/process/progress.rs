//! Tells a client that hangs from one that is slow because the machine is busy: the one uses no processor time, and
//! waits neither for a processor nor for a disk. Only Linux says so for a whole process group; elsewhere none is taken
//! for slow.

/// What a group uses at least, in hundredths of a second, between two looks, unless it waits.
const WORKING: u64 = 2;

/// What a process group has done so far.
pub(super) struct Progress {
    group: u32,
    used: u64,
}

/// A process of the group.
#[derive(Debug, PartialEq, Eq)]
struct Member {
    used: u64,
    /// It runs, would run, or waits for a disk.
    is_busy: bool,
}

impl Progress {
    pub(super) fn of(group: u32) -> Self {
        Self { group, used: 0 }
    }

    /// Tells whether the group works, or has since the last time.
    pub(super) fn is_made(&mut self) -> bool {
        let members = members(self.group);
        let used = members.iter().map(|it| it.used).sum();
        let has_worked = used >= self.used + WORKING;
        self.used = used;
        has_worked || members.iter().any(|it| it.is_busy)
    }
}

#[cfg(target_os = "linux")]
fn members(group: u32) -> Vec<Member> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = processes.filter_map(|it| std::fs::read_to_string(it.path().join("stat")).ok());
    stats.filter_map(|stat| member(&stat, group)).collect()
}

#[cfg(not(target_os = "linux"))]
fn members(_: u32) -> Vec<Member> {
    Vec::new()
}

/// proc_pid_stat(5): behind the name in parentheses come the state, the parent and the group; `utime` to `cstime` are
/// the 14th to 17th field. A process that has ended is counted with its parent.
#[cfg(target_os = "linux")]
fn member(stat: &str, group: u32) -> Option<Member> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let is_meant = fields.get(2)?.parse() == Ok(group);
    let times = fields.get(11..15)?.iter();
    is_meant.then(|| Member {
        used: times.filter_map(|time| time.parse::<u64>().ok()).sum(),
        is_busy: matches!(fields.first(), Some(&"R" | &"D")),
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn times_and_states_of_a_group() {
        let stat = |state| format!("7 (a) b) {state} 1 5 5 0 -1 4194560 1 2 3 4 10 20 30 40 20 0");
        for (state, is_busy) in [("S", false), ("R", true), ("D", true), ("Z", false)] {
            let found = member(&stat(state), 5);
            assert_eq!(found, Some(Member { used: 100, is_busy }));
        }
        assert_eq!(member(&stat("R"), 1), None);
        assert_eq!(member("", 5), None);
    }
}
