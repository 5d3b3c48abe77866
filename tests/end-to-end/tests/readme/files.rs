//! The project in which a section's commands are typed. Nothing is run here.

pub(crate) const PYPROJECT: &str = r#"[project]
name = "my-program"
version = "1.0.0"
requires-python = ">=3.9"
"#;

pub(crate) const PACKAGE_JSON: &str = "{\"private\": true}\n";

pub(crate) const GO_MOD: &str = "module example.com/my-program\n\ngo 1.24\n";

pub(crate) const CARGO_TOML: &str = r#"[package]
name = "my-program"
version = "1.0.0"
edition = "2021"
"#;

/// Two package managers in one build, neither of them set up.
pub(crate) const MAKEFILE: &str = "test:\n\tpip install my-package\n\tnpm install my-package\n";
