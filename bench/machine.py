"""Prints one JSON line about the machine and what was built: machine.py BUILD_FOLDER."""
import json
import os
import platform
import re
import subprocess
import sys


def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8") as lines:
            found = re.search(pattern, lines.read(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found.group(1).strip() if found else "unknown"


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


compiler = first_match(os.path.join(sys.argv[1], "CMakeCache.txt"), r"^CMAKE_CXX_COMPILER:\w+=(.*)$")
memory_kib = first_match("/proc/meminfo", r"^MemTotal:\s+(\d+)")
print(json.dumps({
    "engine": "machine",
    "task": "machine",
    "cpu": first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
    "cores": len(os.sched_getaffinity(0)),
    "memory": f"{int(memory_kib) / 1048576:.0f} GiB" if memory_kib.isdigit() else memory_kib,
    "system": first_match("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)') + ", Linux " + platform.release(),
    "compiler": output(compiler, "--version").split("\n")[0],
    "version": output("git", "describe", "--always", "--dirty"),
}))
