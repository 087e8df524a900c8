"""Waits until a server says that it is ready: wait_ready.py PORT SECONDS."""
import sys
import time
import urllib.error
import urllib.request

port, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    try:
        if urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2).status == 200:
            sys.exit(0)
    except (urllib.error.URLError, OSError):
        time.sleep(0.05)
sys.exit(f"nothing is ready on port {port}")
