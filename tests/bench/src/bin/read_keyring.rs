//! The least that a program does to read an entry from the Secret Service through keyring-core.
//! `bench-read-keyring write` first puts one of a token's size there.

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use std::io::Write;

    use keyring_core::api::CredentialStoreApi;

    let store = dbus_secret_service_keyring_store::Store::new()?;
    let entry = store.build("codeartifact-bench", "token", None)?;
    if std::env::args().nth(1).as_deref() == Some("write") {
        entry.set_secret(&[b'x'; 1500])?;
    }
    std::io::stdout().write_all(&entry.get_secret()?)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {}
