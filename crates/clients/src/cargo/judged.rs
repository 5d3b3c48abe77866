//! The credential provider that cargo asks for a registry: whether it is ours.

use std::path::Path;
use std::slice;

use codeartifact_auth::error::Exit;

use super::config::{Registry, program_of_ours};
use super::{CHECK, COMMAND, Cargo};
use crate::finding::Finding;

/// cargo asks the registry's own provider, else the global ones.
pub(super) fn judged(
    registry: &Registry,
    global: &[Vec<String>],
    program: Option<&Path>,
) -> Finding {
    let (name, index) = (&registry.name, &registry.index);
    let failed = |text: String| Finding::failed(CHECK, Cargo::NAME, text, Exit::Configuration);
    if !index.starts_with("sparse+") || !index.ends_with('/') {
        let text = format!("the index of {name} has to begin with `sparse+` and to end with `/`");
        return failed(text).hint("codeartifact setup cargo");
    }
    let own = registry.provider.as_ref();
    let providers = own.map_or(global, |own| slice::from_ref(&own.words));
    let named = providers.iter().find_map(|it| program_of_ours(it));
    let from_stdout = providers
        .iter()
        .any(|it| it.first().is_some_and(|it| it == "cargo:token-from-stdout"));
    match (named, program) {
        (Some(path), _) if path.contains(['/', '\\']) => {
            Finding::ok(CHECK, Cargo::NAME, format!("asks {path}"))
        }
        (Some(_), Some(path)) => {
            Finding::ok(CHECK, Cargo::NAME, format!("asks {}", path.display()))
        }
        (Some(_), None) => {
            let text = format!("sends no token: {name} names {COMMAND}, which is not on PATH");
            failed(text).hint("put its directory on PATH")
        }
        (None, _) if from_stdout => Finding::ok(
            CHECK,
            Cargo::NAME,
            "asks a command by cargo:token-from-stdout",
        ),
        (None, _) => {
            let text =
                format!("sends no token of ours: no credential provider of {name} is {COMMAND}");
            failed(text).hint("codeartifact setup cargo")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::config::Provider;
    use crate::finding::State;
    use crate::setting::Origin;

    #[test]
    fn the_provider_of_a_registry_is_its_own_or_a_global_one() {
        let program = Some("/bin/codeartifact-cargo");
        let silent = "no credential provider of acme";
        let command = "cargo:token-from-stdout codeartifact token";
        let rows = [
            (COMMAND, "", program, "asks /bin/codeartifact-cargo"),
            (
                "/opt/codeartifact-cargo",
                "",
                None,
                "asks /opt/codeartifact-cargo",
            ),
            (
                "",
                "cargo:token;codeartifact-cargo",
                program,
                "asks /bin/codeartifact-cargo",
            ),
            (command, "cargo:token", None, "asks a command"),
            (COMMAND, "", None, "not on PATH"),
            ("", "cargo:token", program, silent),
            ("cargo:token", COMMAND, program, silent),
            ("", "", program, silent),
        ];
        for (own, global, program, text) in rows {
            let registry = registry("sparse+https://ours/cargo/my-repo/", own);
            let finding = judged(&registry, &providers(global), program.map(Path::new));
            assert_eq!(
                finding.state == State::Ok,
                text.starts_with("asks"),
                "{own} {global}"
            );
            assert!(finding.text.contains(text), "{}", finding.text);
        }
    }

    #[test]
    fn an_index_that_cargo_cannot_use_is_told() {
        for index in [
            "https://ours/cargo/my-repo/",
            "sparse+https://ours/cargo/my-repo",
        ] {
            let finding = judged(&registry(index, COMMAND), &[], None);
            assert!(finding.text.contains("`sparse+`"), "{}", finding.text);
        }
    }

    fn registry(index: &str, provider: &str) -> Registry {
        Registry {
            name: "acme".to_owned(),
            index: index.to_owned(),
            provider: providers(provider)
                .into_iter()
                .next()
                .map(|words| Provider {
                    words,
                    origin: Origin::Variable(String::new()),
                }),
            is_replacement: false,
            origin: Origin::Variable(String::new()),
        }
    }

    fn providers(text: &str) -> Vec<Vec<String>> {
        let providers = text.split(';').filter(|it| !it.is_empty());
        let words = |provider: &str| provider.split(' ').map(str::to_owned).collect();
        providers.map(words).collect()
    }
}
