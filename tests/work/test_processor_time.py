"""What the benchmark takes for the processor time of a statement is all of it."""

import subprocess
import sys

from bench.unlocked import processor_ms

BUSY_MS = 50
BUSY = f"""
import sys, time
print("busy", flush=True)
until = time.process_time() + {BUSY_MS / 1000}
while time.process_time() < until:
    pass
sys.stdin.read()
"""
"""A server at work: its answer arrives while the kernel has not booked its time yet."""


def test_processor_time_of_a_busy_server_is_read_when_it_rests() -> None:
    command = [sys.executable, "-c", BUSY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        took = processor_ms(server.pid)
    assert took >= BUSY_MS
