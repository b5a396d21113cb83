"""A TLS server that shakes hands and is gone: whoever writes to it then gets SIGPIPE.

rude.py FOLDER: where a certificate can be made. Says where it listens like the sandbox does.
"""

import socket
import ssl
import struct
import subprocess
import sys
import threading

folder = sys.argv[1]
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rude",
     "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem"],
    check=True, stderr=subprocess.DEVNULL,
)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")


def serve(connection):
    try:
        # Closed with a reset, so that the peer's second write fails.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        secured = context.wrap_socket(connection, server_side=True)
        secured.recv(1)
        secured.close()
    except OSError:
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print("connect-sandbox: listening on https://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
