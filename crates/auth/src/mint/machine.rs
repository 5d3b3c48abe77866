//! Tells whether this machine is an EC2 instance, by evidence that costs nothing: the instance metadata service is asked
//! only there, because elsewhere nothing answers and every mint without credentials would wait for it.

use std::fs;
use std::path::Path;

use crate::environment::{AWS_EC2_METADATA_DISABLED, Environment};

/// The names that Nitro and Xen instances have in their firmware tables and hypervisor. Every user can read them,
/// in containers too. Source: AWS's "Detect whether a host is an EC2 instance".
const EVIDENCE: [(&str, &str); 4] = [
    ("sys/class/dmi/id/sys_vendor", "amazon ec2"),
    ("sys/class/dmi/id/bios_vendor", "amazon ec2"),
    ("sys/class/dmi/id/bios_version", "amazon"),
    ("sys/hypervisor/uuid", "ec2"),
];

/// Files of Amazon's Windows and macOS images.
const AGENTS: [&str; 2] = [
    "ProgramData/Amazon/EC2Launch",
    "usr/local/bin/ec2-macos-init",
];

/// Tells whether this machine is an instance of EC2, by what it says itself.
pub fn is_instance(environment: &Environment) -> bool {
    why_not_asked(environment, None).is_none()
}

/// Returns why the instance metadata service is not asked, in words; `None` if it is worth asking.
pub(super) fn why_not_asked(
    environment: &Environment,
    endpoint: Option<&str>,
) -> Option<&'static str> {
    why_not(environment, endpoint, Path::new("/"))
}

fn why_not(environment: &Environment, endpoint: Option<&str>, root: &Path) -> Option<&'static str> {
    let disabled = environment.text(AWS_EC2_METADATA_DISABLED);
    if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Some("was not asked: AWS_EC2_METADATA_DISABLED is set");
    }
    let is_worth_asking = endpoint.is_some() || says_so(root);
    (!is_worth_asking).then_some("was not asked: nothing here says that this is an instance")
}

fn says_so(root: &Path) -> bool {
    let holds = |(file, word): (&str, &str)| {
        fs::read_to_string(root.join(file))
            .is_ok_and(|text| text.to_ascii_lowercase().contains(word))
    };
    EVIDENCE.into_iter().any(holds) || AGENTS.into_iter().any(|agent| root.join(agent).exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    fn worth(variables: &[(&str, &str)], files: &[(&str, &str)]) -> bool {
        let endpoint = variables
            .iter()
            .find(|(name, _)| name.ends_with("_ENDPOINT"));
        let root = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let environment = Environment::fixed(variables, root.path().to_owned(), Timestamp(0));
        why_not(&environment, endpoint.map(|(_, value)| *value), root.path()).is_none()
    }

    #[test]
    fn the_metadata_service_is_asked_only_where_it_is() {
        let nitro: &[_] = &[("sys/class/dmi/id/sys_vendor", "Amazon EC2\n")];
        let off: &[_] = &[("AWS_EC2_METADATA_DISABLED", "True")];
        let elsewhere: &[_] = &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338")];
        let both = [off, elsewhere].concat();
        let rows = [
            ("nothing known", [].as_slice(), [].as_slice(), false),
            ("Nitro", &[], nitro, true),
            (
                "Xen",
                &[],
                &[(
                    "sys/hypervisor/uuid",
                    "ec2e1916-9099-7caf-fd21-012345abcdef\n",
                )],
                true,
            ),
            (
                "Xen firmware",
                &[],
                &[("sys/class/dmi/id/bios_version", "4.11.amazon\n")],
                true,
            ),
            (
                "a laptop",
                &[],
                &[("sys/class/dmi/id/sys_vendor", "LENOVO\n")],
                false,
            ),
            (
                "Windows",
                &[],
                &[("ProgramData/Amazon/EC2Launch/log", "")],
                true,
            ),
            ("switched off on an instance", off, nitro, false),
            ("an endpoint of the user's own", elsewhere, &[], true),
            ("switched off beats the endpoint", &both, &[], false),
            (
                "not switched off",
                &[("AWS_EC2_METADATA_DISABLED", "false")],
                nitro,
                true,
            ),
        ];
        for (what, variables, files, expected) in rows {
            assert_eq!(worth(variables, files), expected, "{what}");
        }
    }
}
