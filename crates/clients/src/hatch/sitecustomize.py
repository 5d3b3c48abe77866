# Read by Python at its start, in a trial alone: each connection goes through the proxy that HTTPS_PROXY names, for a
# client that reads no such variable. Everything that the client sends is its own.
import os
import socket
from urllib.parse import urlsplit

PROXY = urlsplit(os.environ["HTTPS_PROXY"])
connect = socket.create_connection


def create_connection(address, *arguments, **options):
    if address[0] == PROXY.hostname:
        return connect(address, *arguments, **options)
    stream = connect((PROXY.hostname, PROXY.port), *arguments, **options)
    stream.sendall("CONNECT {0}:{1} HTTP/1.1\r\nHost: {0}:{1}\r\n\r\n".format(*address).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            raise ConnectionError("the proxy closed the connection")
        head += byte
    if b" 200" not in head.split(b"\r\n")[0]:
        raise ConnectionError("the proxy refused the host")
    return stream


socket.create_connection = create_connection
