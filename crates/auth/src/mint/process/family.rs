//! A program and what it has started. Dropped before the program has ended, it ends them all: by their process group,
//! and on Linux also those that have left it (`setsid`) while what started them still runs. What has cut itself off, as
//! an agent for keys does, is meant to outlive the program.

use tokio::process::Child;

pub(super) struct Family {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Family {
    /// The program leads a process group of its own.
    pub(super) fn of(child: &Child) -> Self {
        let number = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            leader: number.and_then(rustix::process::Pid::from_raw),
        }
    }

    pub(super) fn ended(&mut self) {
        self.leader = None;
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        use rustix::process::{Signal, kill_process, kill_process_group};
        // Any of them may have ended by itself meanwhile.
        if let Some(leader) = self.leader {
            let gone = descendants::stopped(leader);
            let _ = kill_process_group(leader, Signal::KILL);
            for process in gone {
                let _ = kill_process(process, Signal::KILL);
            }
        }
    }
}

#[cfg(target_os = "linux")]
mod descendants {
    use rustix::process::{Pid, Signal, kill_process};

    /// The process and all that come from it. They are stopped, so that none starts another while they are looked for.
    pub(super) fn stopped(leader: Pid) -> Vec<Pid> {
        let mut found = vec![leader];
        let mut stopped = 0;
        while stopped < found.len() {
            for process in found.iter().skip(stopped) {
                let _ = kill_process(*process, Signal::STOP);
            }
            stopped = found.len();
            let new = children(&found);
            found.extend(new);
        }
        found
    }

    fn children(parents: &[Pid]) -> Vec<Pid> {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let new = processes.filter_map(|entry| {
            let process = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
            let parent = parent(&std::fs::read_to_string(entry.path().join("stat")).ok()?)?;
            (parents.contains(&parent) && !parents.contains(&process)).then_some(process)
        });
        new.collect()
    }

    /// proc_pid_stat(5): behind the name in parentheses come the state and the parent.
    fn parent(stat: &str) -> Option<Pid> {
        let (_, rest) = stat.rsplit_once(") ")?;
        Pid::from_raw(rest.split(' ').nth(1)?.parse().ok()?)
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod descendants {
    use rustix::process::Pid;

    pub(super) fn stopped(_: Pid) -> Vec<Pid> {
        Vec::new()
    }
}

/// Elsewhere only the program itself is ended.
#[cfg(not(unix))]
impl Family {
    pub(super) fn of(_: &Child) -> Self {
        Self {}
    }

    pub(super) fn ended(&mut self) {}
}
