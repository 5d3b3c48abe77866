//! Tells which commands of Bundler and gem ask no server. It runs none of them.
//!
//! `bundle exec` is how every Ruby program is started: what that starts must have no token, and no wait.

/// Commands of Bundler that ask no server. Any other word, and none, may install.
const BUNDLE: &[&str] = &[
    "binstubs", "check", "clean", "config", "console", "doctor", "env", "exec", "gem", "help",
    "info", "init", "licenses", "list", "ls", "open", "platform", "show", "version", "viz",
];

/// Commands of gem that ask one.
const GEM: &[&str] = &[
    "fetch",
    "i",
    "install",
    "list",
    "outdated",
    "owner",
    "push",
    "search",
    "specification",
    "update",
    "yank",
];

/// Tells if this call may ask a server. Both take the beginning of a command for it, if only one begins so.
pub(crate) fn may_ask(program: &str, arguments: &[String]) -> bool {
    let is_option = |word: &&String| word.starts_with('-');
    if let [only] = arguments
        && matches!(only.as_str(), "--version" | "-v" | "--help" | "-h")
    {
        return false;
    }
    let command = arguments.iter().find(|word| !is_option(word));
    match (program, command) {
        ("bundle" | "bundler", Some(command)) => !BUNDLE.contains(&command.as_str()),
        ("bundle" | "bundler", None) => true,
        (_, Some(command)) => GEM.iter().any(|known| known.starts_with(command.as_str())),
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_may_ask_a_server() {
        let rows = [
            ("bundle", "", true),
            ("bundle", "install", true),
            ("bundle", "update my-gem", true),
            ("bundle", "--path vendor install", true),
            ("bundle", "exec rake", false),
            ("bundle", "config set x y", false),
            ("bundle", "--version", false),
            ("bundler", "add my-gem", true),
            ("gem", "install my-gem", true),
            ("gem", "inst my-gem", true),
            ("gem", "push x.gem", true),
            ("gem", "build x.gemspec", false),
            ("gem", "", false),
            ("gem", "--version", false),
        ];
        for (program, line, expected) in rows {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(may_ask(program, &words), expected, "{program} {line}");
        }
    }
}
