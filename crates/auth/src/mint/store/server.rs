//! The conversation with Valkey or Redis: four commands, each with a limit. Nothing here knows what a record is.

use std::time::Duration;

use redis::{
    Client, Connection, IntoConnectionInfo as _, RedisError, RedisResult, TlsCertificates, cmd,
};

use crate::aws_files;
use crate::connection::StoreSettings;
use crate::environment::Environment;
use crate::user_file::{read_regular, read_token};

/// It is in the same network as its hosts: it answers at once, or AWS is the better chance.
const PATIENCE: Duration = Duration::from_secs(1);

/// Deletes a lock if it is still ours. Source: Redis' page on `SET`, "Patterns".
const RELEASE: &str = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

pub(super) struct Server(Connection);

impl Server {
    /// # Errors
    /// A file cannot be read, or the server cannot be reached or refuses us, in words.
    pub(super) fn connect(
        settings: &StoreSettings,
        environment: &Environment,
    ) -> Result<Self, String> {
        let client = client(settings, environment)?;
        let connected = client.get_connection_with_timeout(PATIENCE);
        let connection = connected.map_err(words)?;
        let limited = connection
            .set_read_timeout(Some(PATIENCE))
            .and_then(|()| connection.set_write_timeout(Some(PATIENCE)));
        limited.map_err(words)?;
        Ok(Self(connection))
    }

    pub(super) fn get(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        cmd("GET").arg(name).query(&mut self.0).map_err(words)
    }

    /// Keeps a record for so long.
    pub(super) fn set(&mut self, name: &str, record: &[u8], life: Duration) -> Result<(), String> {
        let mut set = cmd("SET");
        set.arg(name).arg(record).arg("PX").arg(milliseconds(life));
        set.query(&mut self.0).map_err(words)
    }

    /// Takes a lock unless somebody has it. It ends by itself.
    pub(super) fn lock(&mut self, name: &str, mine: &str, life: Duration) -> Result<bool, String> {
        let mut set = cmd("SET");
        set.arg(name)
            .arg(mine)
            .arg("NX")
            .arg("PX")
            .arg(milliseconds(life));
        let taken: RedisResult<Option<String>> = set.query(&mut self.0);
        taken.map(|answer| answer.is_some()).map_err(words)
    }

    /// Gives it back. One that has ended meanwhile may be another host's.
    pub(super) fn release(&mut self, name: &str, mine: &str) {
        let mut eval = cmd("EVAL");
        eval.arg(RELEASE).arg(1).arg(name).arg(mine);
        let _: RedisResult<i64> = eval.query(&mut self.0);
    }
}

fn client(settings: &StoreSettings, environment: &Environment) -> Result<Client, String> {
    let file = |path: &str| aws_files::home(environment, path);
    let info = settings
        .url
        .as_str()
        .into_connection_info()
        .map_err(words)?;
    let mut login = info.redis_settings().clone();
    if let Some(user) = &settings.user {
        login = login.set_username(user);
    }
    if let Some(path) = &settings.password_file {
        let path = file(path);
        let password = read_token(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        login = login.set_password(password.trim());
    }
    let info = info.set_redis_settings(login);
    let Some(path) = &settings.authorities else {
        return Client::open(info).map_err(words);
    };
    let path = file(path);
    let roots = read_regular(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let tls = TlsCertificates {
        client_tls: None,
        root_cert: Some(roots),
    };
    Client::build_with_tls(info, tls).map_err(words)
}

/// Without what the server says of arguments: a record might be one.
fn words(error: RedisError) -> String {
    match error.code() {
        Some(code) => format!("it answers {code}"),
        None if error.is_timeout() => "it does not answer in time".to_owned(),
        None => error.to_string(),
    }
}

fn milliseconds(life: Duration) -> u64 {
    u64::try_from(life.as_millis()).unwrap_or(u64::MAX)
}
