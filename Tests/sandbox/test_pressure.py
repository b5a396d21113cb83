"""Much output, many clients, slow clients, and clients that leave."""

import contextlib
import json
import socket
import time

from conftest import KEY, eventually, python, shell

GIGABYTE = "import os\nb = (b'x' * 99 + b'\\n') * 2000\nfor i in range(5000): os.write(1, b)"


def raw_tail(server, job, receive_buffer=None):
    """A tail whose answer is read by the test, or not."""
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.connect(("127.0.0.1", server.port))
    request = f"GET /__api__{job}/tail HTTP/1.1\r\nHost: x\r\nAuthorization: Key {KEY}\r\n\r\n"
    client.sendall(request.encode())
    return client


def test_a_client_that_stops_reading_stops_the_sender(sandbox):
    server = sandbox({"loud": python(GIGABYTE)})
    job = server.render("loud")
    clients = [raw_tail(server, job, 65536) for _ in range(4)]
    for client in clients:
        assert client.recv(1000)
    began = time.monotonic()
    server.wait(job, status=1, limit=60)
    took = time.monotonic() - began
    time.sleep(1)
    assert server.memory() < 120_000
    idle = server.cpu_seconds()
    time.sleep(1)
    assert server.cpu_seconds() - idle < 0.05
    print(f"1 GB logged in {took:.1f} s, {server.memory()} KB")
    # Nothing was dropped for the slow ones.
    with clients[0].makefile("rb") as body:
        lines = sum(b'"data"' in line for line in body)
    assert lines > 9_999_990
    assert server.memory() < 150_000
    for client in clients:
        client.close()


def test_a_log_of_a_gigabyte_streams(sandbox):
    server = sandbox({"loud": python(GIGABYTE)})
    job = server.run("loud")
    for path, size in [("/download", 1_300_000_000), ("/log?maxLogLines=20000000", 1_600_000_000)]:
        connection, response = server.open(job + path)
        with contextlib.closing(connection):
            total = 0
            while piece := response.read(1 << 20):
                total += len(piece)
        assert total >= size
        assert server.memory() < 120_000
    assert server.log(job, "?maxLogLines=1")[0]["data"] == "x" * 99


def test_clients_that_leave_are_noticed_though_the_job_is_silent(sandbox):
    server = sandbox({"silent": shell("echo hello; exec sleep 600")})
    job = server.render("silent")
    before = server.descriptors()
    clients = [raw_tail(server, job) for _ in range(100)]
    for client in clients:
        assert b"200 OK" in client.recv(1000)
    assert server.descriptors() >= before + 100
    for client in clients:
        client.close()
    eventually(lambda: server.descriptors() <= before + 1, 2)


def test_clients_that_leave_while_they_are_not_reading_are_noticed(sandbox):
    server = sandbox({"loud": shell("exec yes")})
    job = server.render("loud")
    before = server.descriptors()
    clients = [raw_tail(server, job, 4096) for _ in range(20)]
    time.sleep(0.5)
    for client in clients:
        client.close()
    eventually(lambda: server.descriptors() <= before + 1, 5)
    server.ask(job, "DELETE")
    server.wait(job)


def test_a_thousand_silent_tails_cost_nothing(sandbox):
    server = sandbox({"silent": shell("echo hello; sleep 4; echo bye")})
    job = server.render("silent")
    memory = server.memory()
    clients = [raw_tail(server, job) for _ in range(1000)]
    for client in clients:
        assert b"200 OK" in client.recv(2000)
    grown = server.memory() - memory
    idle = server.cpu_seconds()
    time.sleep(1)
    assert server.cpu_seconds() - idle < 0.05
    print(f"1,000 tails: {grown} KB")
    assert grown < 64 * 1000
    for client in clients:
        data = b""
        while piece := client.recv(65536):
            data += piece
        assert b"bye" in data
        client.close()


def test_a_thousand_jobs_each_with_a_tail(sandbox):
    server = sandbox({"job": shell("for i in 1 2 3; do echo $i; sleep 1; done")})
    path = f"/v1/content/{server.guid('job')}"
    for _ in range(1000):
        assert server.ask(path + "/render", "POST").status == 200
    before = server.descriptors()
    clients = [raw_tail(server, f"{path}/jobs/{job['key']}") for job in server.jobs("job")]
    assert len(clients) == 1000
    for client in clients:
        with client, client.makefile("rb") as body:
            data = [line for line in body if b'"data"' in line]
        assert [line.rstrip()[-3:-2] for line in data] == [b"1", b"2", b"3"]
    # Neither pipes nor logs nor connections stay open.
    eventually(lambda: server.descriptors() < 40, 5)
    print(f"1,000 jobs: {before} descriptors, {server.memory()} KB")
