//! Protects a process that will hold secrets, before it has any.

/// Keeps this process's memory out of core dumps, and other processes of the same user from looking into it, as far
/// as the platform lets a program ask for that. What it becomes or starts is free of it, or can undo it.
/// It never fails: without it the program is as safe as any other.
pub fn keep_memory_private() {
    system::keep_memory_private();
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    /// Not by a resource limit: that would be handed on to npm or Go, whose crashes are not ours to hide.
    pub(super) fn keep_memory_private() {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
mod system {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// Just the soft limit, so that a program started from here can raise it again.
    pub(super) fn keep_memory_private() {
        let mut limit = getrlimit(Resource::Core);
        limit.current = Some(0);
        let _ = setrlimit(Resource::Core, limit);
    }
}

/// Windows writes dumps only where the administrator has asked for them.
#[cfg(not(unix))]
mod system {
    pub(super) fn keep_memory_private() {}
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn no_core_is_dumped() {
        super::keep_memory_private();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
