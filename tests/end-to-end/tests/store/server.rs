//! A real Redis, with TLS alone, and one user who may do what our programs do.

use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use codeartifact_end_to_end::{Sandbox, certify};

pub(crate) const PASSWORD: &str = "s3cret-of-the-store";
const ADMIN: &str = "s3cret-of-the-admin";

const START: Duration = Duration::from_secs(10);

pub(crate) struct Redis {
    process: Child,
    port: u16,
    authority: String,
}

impl Redis {
    /// None where it is not installed, which is said.
    pub(crate) fn start(sandbox: &Sandbox) -> Option<Self> {
        if Command::new("redis-server")
            .arg("--version")
            .output()
            .is_err()
        {
            #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
            {
                eprintln!("skipped: redis-server is not installed");
            }
            return None;
        }
        let authority = certify(sandbox, "store", "127.0.0.1");
        sandbox.write("store/ca.pem", &authority);
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        sandbox.write(
            "store/users",
            &format!(
                "user default off\nuser admin on >{ADMIN} ~* +@all\n\
             user codeartifact on >{PASSWORD} ~codeartifact:* -@all +get +set +del +eval\n"
            ),
        );
        let file = |name: &str| sandbox.path(&format!("store/{name}")).display().to_string();
        sandbox.write("store/redis.conf", &format!(
            "bind 127.0.0.1\nport 0\ntls-port {port}\ntls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}\n\
             tls-auth-clients no\naclfile {}\nsave \"\"\nappendonly no\ndir {}\n",
            file("tls.crt"), file("tls.key"), file("ca.pem"), file("users"), file("")
        ));
        let output = File::create(file("output")).unwrap();
        let process = Command::new("redis-server")
            .arg(file("redis.conf"))
            .stdin(Stdio::null())
            .stdout(output)
            .spawn()
            .unwrap();
        let redis = Self {
            process,
            port,
            authority: file("ca.pem"),
        };
        let begin = Instant::now();
        while redis.admin(&["PING"]).trim() != "PONG" {
            assert!(
                begin.elapsed() < START,
                "it does not start: {}",
                sandbox.read("store/output")
            );
            sleep(Duration::from_millis(20));
        }
        Some(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!("rediss://127.0.0.1:{}", self.port)
    }

    /// A command of the one who runs it.
    pub(crate) fn admin(&self, words: &[&str]) -> String {
        let output = Command::new("redis-cli")
            .args([
                "-p",
                &self.port.to_string(),
                "--tls",
                "--cacert",
                &self.authority,
                "--user",
                "admin",
                "--no-auth-warning",
            ])
            .env("REDISCLI_AUTH", ADMIN)
            .args(words)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// `STOP` or `CONT`: its connections stay, and nothing is answered.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
