"""A hostile build: asks the proxy for what it must not give, and prints what it got, beside what is expected."""

import base64, json, os, socket, ssl, urllib.parse

HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
OTHER = "my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com"
PROXY = urllib.parse.urlsplit(os.environ["HTTPS_PROXY"])
PASSWORD = base64.b64encode(f"{PROXY.username}:{PROXY.password}".encode()).decode()
CLOSED = 0


def connect():
    stream = socket.create_connection((PROXY.hostname, PROXY.port), timeout=20)
    stream.settimeout(20)
    return stream


def answer(stream):
    """The status of the next answer, its body read by its length; 0 if the connection was closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            more = stream.recv(65536)
        except (ConnectionError, ssl.SSLError):
            more = b""
        if not more:
            return CLOSED
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    headers = dict(line.lower().split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
    while len(body) < int(headers.get("content-length", 0)):
        body += stream.recv(65536)
    for token in (b"eyJhbGciOiJBMTI4", b"YXdzOmV5Sm"):
        assert token not in data + body
    return int(head.split()[1])


def send(stream, text):
    try:
        stream.sendall(text if isinstance(text, bytes) else text.encode("latin-1"))
    except (ConnectionError, ssl.SSLError):
        pass
    return answer(stream)


def plain(text):
    with connect() as stream:
        return send(stream, text)


def unencrypted(host=HOST):
    stream = connect()
    got = send(stream, f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nProxy-Authorization: Basic {PASSWORD}\r\n\r\n")
    assert got == 200, got
    return stream


def tunnel(host=HOST, sni=None):
    stream = unencrypted(host)
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    context.check_hostname = sni is None
    return context.wrap_socket(stream, server_hostname=sni or host)


def inside(text):
    with tunnel() as stream:
        return send(stream, text.replace("HOST", HOST) if isinstance(text, str) else text)


def row(expected, got, what):
    return {"expected": expected if isinstance(expected, list) else [expected], "got": got, "what": repr(what)[:200]}


def get(path, *headers, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: HOST", *headers, "", ""])


GOOD = get("/npm/my-repo/my-package")
known = f"Proxy-Authorization: Basic {PASSWORD}\r\n"
results = {}

results["passwords"] = [
    row(407, plain(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n{header}\r\n"), header)
    for header in ["", "Proxy-Authorization: Basic cnVuOg==\r\n", f"Proxy-Authorization: Bearer {PROXY.password}\r\n",
                   f"Authorization: Basic {PASSWORD}\r\n", f"Proxy-Authorization: Basic {PASSWORD}A\r\n"]
]

results["hosts"] = [
    row(expected, plain(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{known}\r\n"), target)
    for target, expected in [
        ("169.254.169.254:443", 403), ("169.254.170.2:443", 403), ("127.0.0.1:443", 403), ("[::1]:443", 403),
        ("localhost:443", 403), ("2130706433:443", 403), ("metadata.google.internal:443", 403),
        (f"{HOST}:80", 403), (f"{HOST}:22", 403), (f"me@{HOST}:443", [400]), (f"{HOST.upper()}.:443", 200), (HOST, 400),
    ]
]

results["plain"] = [
    row(expected, plain(f"GET {url} HTTP/1.1\r\nHost: x\r\n{known}\r\n"), url)
    for url, expected in [
        (f"http://{HOST}/npm/my-repo/my-package", 403), ("http://169.254.169.254/latest/meta-data/", 403),
        ("http://169.254.170.23/v1/credentials", 403), ("http://localhost:1/", 403), ("http://[::1]/", 403),
        ("/npm/my-repo/my-package", 400), ("https://example.com/", 400), (f"http://{HOST}:443/npm/my-repo/my-package", 403),
    ]
]

results["names"] = []
try:
    with tunnel(sni=OTHER) as stream:
        results["names"].append(row(CLOSED, send(stream, GOOD.replace("HOST", HOST)), "another SNI"))
except (ssl.SSLError, ConnectionError, EOFError):
    results["names"].append(row(CLOSED, CLOSED, "another SNI"))

# Clients that do not know better speak plain HTTP in a tunnel, and are told.
with unencrypted() as stream:
    results["unencrypted"] = [row(400, send(stream, GOOD.replace("HOST", HOST)), "plain HTTP in a tunnel")]

results["requests"] = [
    row(expected, inside(text), text)
    for text, expected in [
        (GOOD, 200),
        (get("/npm/my-repo/my-package", method="HEAD").replace("HEAD", "GET"), 200),
        (get("/npm/other/my-package"), 403), (get("/npm/my-repository/my-package"), 403), (get("/cargo/my-repo/config.json"), 403),
        (get("/npm/my-repo/../other/x"), 400), (get("/npm/my-repo/%2e%2e/other/x"), 400), (get("/npm/my-repo%2f..%2fother/x"), 400),
        (get("//npm/my-repo/my-package"), 400), (get("/npm/my-repo/a%5cb"), 400), (get("/npm/my-repo/a%00"), 400), (get("/npm/my-repo/a\\b"), 400),
        (get("/npm/my-repo/my-package", method="PUT"), 405), (get("/npm/my-repo/my-package", method="DELETE"), 405),
        (get("/npm/my-repo/my-package", method="POST"), 405), (get("/npm/my-repo/my-package", method="TRACE"), 405),
        (get("/npm/my-repo/my-package", "Host: " + OTHER), 400),
        (f"GET /npm/my-repo/my-package HTTP/1.1\r\nHost: {OTHER}\r\n\r\n", 400),
        ("GET /npm/my-repo/my-package HTTP/1.1\r\n\r\n", 400),
        (f"GET https://{OTHER}/npm/my-repo/my-package HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        (get("/npm/my-repo/my-package", "Content-Length: 5") + "hello", 400),
        (get("/npm/my-repo/my-package", "Content-Length: 5", "Content-Length: 6") + "hello", 400),
        (get("/npm/my-repo/my-package", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400),
        (get("/npm/my-repo/my-package", "Transfer-Encoding: chunked", "Content-Length: 4") + "0\r\n\r\n", 400),
        (get("/npm/my-repo/my-package", "Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400),
        (get("/npm/my-repo/my-package", "Transfer-Encoding: xchunked"), 400),
        (get("/npm/my-repo/my-package", "Transfer-Encoding : chunked"), 400),
        (get("/npm/my-repo/my-package", "Upgrade: h2c", "Connection: Upgrade"), 400),
        (get("/npm/my-repo/my-package", "Expect: 200-ok"), 400),
        (get("/npm/my-repo/my-package", "X: " + "a" * 70000), [400, 431]),
        (get("/npm/my-repo/my-package", *(f"X-{n}: 1" for n in range(200))), 431),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [0, 400, 505]),
        ("GET /npm/my-repo/my-package HTTP/1.1\nHost: HOST\n\n", 200),
        (get("/npm/my-repo/my-package", "X-Amz-Security-Token: x", "Cookie: a=b", "Authorization: Bearer stolen"), 200),
    ]
]

# One tunnel: after each request that is refused, a good one gets its own answer, or the connection is closed.
results["reused"] = []
for bad in [get("/npm/other/x"), get("/npm/my-repo/../x"), get("/npm/my-repo/x", method="PUT"), get("/npm/my-repo/my-package", method="HEAD"),
            get("/npm/my-repo/my-package", "If-None-Match: x"), get("/npm/my-repo/my-package", "Content-Length: 40") + GOOD[:40],
            get("/npm/my-repo/my-package", "Transfer-Encoding: chunked") + "0\r\n\r\n" + GOOD]:
    with tunnel() as stream:
        if bad.startswith("HEAD"):
            stream.sendall(bad.replace("HOST", HOST).encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += stream.recv(1)
            results["reused"].append(row(200, int(head.split()[1]), bad))
        else:
            send(stream, bad.replace("HOST", HOST))
        results["reused"].append(row([200, CLOSED], send(stream, GOOD.replace("HOST", HOST)), bad))

# A tenant's host is tunnelled like any other: nobody adds a token there.
with connect() as stream:
    got = send(stream, f"CONNECT {OTHER}:443 HTTP/1.1\r\nHost: {OTHER}:443\r\n{known}\r\n")
    results["tenants"] = [row([200, 502], got, "another tenant's host")]

print(json.dumps(results))
