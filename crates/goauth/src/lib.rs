//! What `codeartifact-goauth` shares with the tool for a person: go's settings. The program itself is in `main.rs`.

pub mod settings;
