//! The stand-in as a client of our own sees it: hyper and rustls, through its proxy.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio_rustls::TlsConnector;

use codeartifact_auth::endpoint::Endpoint;

use super::*;
use crate::hosts::HostKind;

const REPOSITORY: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const STS: &str = "sts.us-east-1.amazonaws.com";
const METADATA: &str = "169.254.169.254:80";

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::fixed(variables, PathBuf::new(), Environment::of_process().now())
}

fn trials() -> Trials {
    Trials::start(&environment(&[]), MappedHosts::new()).unwrap()
}

fn any(_: &SentCredentials) -> bool {
    true
}

/// A client that trusts one authority.
struct Client {
    proxy: SocketAddr,
    tls: TlsConnector,
}

impl Client {
    fn of(listener: &Listener, trusted: &Trials) -> Self {
        let mut roots = RootCertStore::empty();
        let pem = trusted.shared.authority.pem();
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            proxy: listener.address,
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    /// GETs within a tunnel; the tunnel is made by the code that reaches AWS.
    async fn get(&self, host: &str, path: &str, sent: Option<&str>) -> io::Result<Response<Bytes>> {
        let proxy = format!("http://{}", self.proxy);
        let upstream = Upstream::read(&environment(&[("HTTPS_PROXY", &proxy)]));
        let tunnel = upstream.tunnel(host, 443).await?;
        let name = host.to_owned().try_into().unwrap();
        let stream = self.tls.connect(name, tunnel).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        tokio::spawn(connection);
        let mut request = Request::get(path).header(header::HOST, host);
        if let Some(sent) = sent {
            request = request.header(header::AUTHORIZATION, sent);
        }
        let request = request.body(Full::<Bytes>::default()).unwrap();
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn lines(requests: &[SeenRequest]) -> Vec<String> {
    let line = |it: &SeenRequest| format!("{} {}{}", it.method, it.host, it.path);
    requests.iter().map(line).collect()
}

#[test]
fn a_repository_challenges_until_it_gets_good_credentials() {
    let trials = trials();
    let listener = trials
        .listen(|sent| sent.secret().is_some_and(|it| it.expose() == "good"))
        .unwrap();
    let client = Client::of(&listener, &trials);
    let path = "/pypi/my-repo/simple/my-package/?token=secret";
    for (sent, status) in [
        (None, 401),
        (Some("Basic YXdzOm9sZA=="), 401),
        (Some("Basic YXdzOmdvb2Q="), 200),
    ] {
        let response = wait(client.get(REPOSITORY, path, sent)).unwrap();
        assert_eq!(response.status(), status, "{sent:?}");
    }
    let (requests, distrusted) = listener.log.take();
    assert!(distrusted.is_empty());
    let line = format!("GET {REPOSITORY}/pypi/my-repo/simple/my-package/");
    assert_eq!(lines(&requests), [&*line; 3]);
    assert!(matches!(requests[0].credentials, SentCredentials::Nothing));
    assert!(
        requests[2]
            .credentials
            .is_one_of([&Secret::new("good".into())])
    );
}

#[test]
fn an_empty_password_is_refused_whoever_takes_it() {
    let trials = trials();
    let listener = trials.listen(any).unwrap();
    let client = Client::of(&listener, &trials);
    for sent in ["Basic YXdzOg==", "Bearer "] {
        let response = wait(client.get(REPOSITORY, "/pypi/my-repo/simple/", Some(sent))).unwrap();
        assert_eq!(response.status(), 401, "{sent}");
    }
}

#[test]
fn another_host_is_answered_and_never_contacted() {
    let trials = trials();
    let listener = trials.listen(any).unwrap();
    let client = Client::of(&listener, &trials);
    let response = wait(client.get("index.example.invalid", "/simple/", Some("Bearer x"))).unwrap();
    assert_eq!(response.status(), 404);
    let (requests, _) = listener.log.take();
    assert_eq!(requests[0].kind, HostKind::Other);
    assert!(requests[0].credentials.secret().is_some());
}

#[test]
fn aws_is_reached_through_the_users_proxy() {
    let repository =
        Endpoint::parse(&format!("https://{REPOSITORY}"), &MappedHosts::new()).unwrap();
    let mapped = [STS, METADATA].map(|host| (host.to_owned(), repository.clone()));
    let far = Trials::start(&environment(&[]), MappedHosts::from(mapped)).unwrap();
    let far_listener = far.listen(any).unwrap();
    let proxy = format!("http://me:word@{}", far_listener.address);
    let variables = [("HTTPS_PROXY", &*proxy), ("HTTP_PROXY", &*proxy)];
    let near = Trials::start(&environment(&variables), MappedHosts::new()).unwrap();
    let listener = near.listen(any).unwrap();

    let response = wait(Client::of(&listener, &far).get(STS, "/", None)).unwrap();
    assert_eq!(response.status(), 401);
    let plain = Upstream::read(&environment(&[(
        "http_proxy",
        &listener.address.to_string(),
    )]));
    let request = Request::get("http://169.254.169.254/latest/meta-data/")
        .header(header::HOST, "169.254.169.254")
        .body(Full::default())
        .unwrap();
    assert_eq!(wait(plain.forward(request)).unwrap().status(), 401);

    let (seen, _) = listener.log.take();
    let metadata = format!("GET {METADATA}/latest/meta-data/");
    assert_eq!(lines(&seen), [&*format!("CONNECT {STS}"), &*metadata]);
    let (seen, _) = far_listener.log.take();
    assert_eq!(lines(&seen), [&*format!("GET {STS}/"), &*metadata]);
}

#[test]
fn a_client_that_trusts_another_authority_is_noted() {
    let (trials, other) = (trials(), trials());
    let listener = trials.listen(any).unwrap();
    let client = Client::of(&listener, &other);
    assert!(wait(client.get(REPOSITORY, "/", None)).is_err());
    // The client is done before the stand-in has read its alert.
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        let (requests, distrusted) = listener.log.take();
        assert!(requests.is_empty());
        if distrusted == [REPOSITORY] {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("nothing was noted");
}

#[test]
fn hundreds_of_connections_at_once() {
    let trials = trials();
    let listener = trials.listen(any).unwrap();
    let client = Arc::new(Client::of(&listener, &trials));
    wait(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..300 {
            let client = Arc::clone(&client);
            tasks.spawn(async move {
                client
                    .get(REPOSITORY, "/npm/my-repo/x", Some("Bearer t"))
                    .await
            });
        }
        while let Some(response) = tasks.join_next().await {
            assert_eq!(response.unwrap().unwrap().status(), 200);
        }
    });
    assert_eq!(listener.log.take().0.len(), 300);
}

#[test]
fn nothing_is_left_after_it() {
    let trials = trials();
    let listener = trials.listen(any).unwrap();
    let (address, files) = (listener.address, trials.files.path().to_owned());
    let open = TcpStream::connect(address).unwrap();
    drop((listener, trials));
    assert!(TcpStream::connect(address).is_err());
    assert!(!files.exists());
    open.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert_eq!(io::Read::read(&mut &open, &mut [0]).unwrap_or(0), 0);
}

#[cfg(unix)]
#[test]
fn its_files_are_private_and_hold_no_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let trials = trials();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(trials.files.path()), 0o700);
    for entry in std::fs::read_dir(trials.files.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        // One is Java's store of authorities, which is no text.
        let bytes = std::fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("PRIVATE KEY"));
    }
}

#[cfg(unix)]
#[test]
fn a_command_runs_in_an_empty_folder_with_the_variables() {
    let trials = trials();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "ls -A; echo $https_proxy $PIP_CERT ${NO_PROXY-none} $AWS_CA_BUNDLE",
        ])
        .env("AWS_CA_BUNDLE", "/aws.pem")
        .env("HTTPS_PROXY", "http://proxy.example.com")
        .env("NO_PROXY", "*");
    let observed = trials.run(command, Duration::from_secs(5), any).unwrap();
    let words: Vec<&str> = observed.output.split_whitespace().collect();
    assert!(words[0].starts_with("http://127.0.0.1:"), "{words:?}");
    assert!(words[1].ends_with("bundle.pem"), "{words:?}");
    assert_eq!(words[2..], ["none", "/aws.pem"]);
    assert!(observed.status.unwrap().success() && observed.requests.is_empty());
}

#[test]
fn output_is_shown_without_the_secrets_that_were_sent() {
    let credentials = SentCredentials::Basic {
        user: Secret::new("aws".into()),
        password: Secret::new("0123456789abcdef".into()),
    };
    let request = SeenRequest {
        host: REPOSITORY.into(),
        kind: HostKind::Repository,
        method: "GET".into(),
        path: "/".into(),
        credentials,
        answered: None,
    };
    let output = "aws: https://aws:0123456789abcdef@host/".to_owned();
    let shown = without_secrets(output, &[request]);
    assert_eq!(shown, "aws: https://aws:REDACTED@host/");
}
