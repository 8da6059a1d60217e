"""Instruction counts of the `workload` bench at small sizes: they hardly depend on what else the machine does, so that a
regression shows where times would not."""

import os
import re
import subprocess
import tempfile

from engines import HERE, WORKLOADS, program

SMALL = {"closure_random": 0.02, "closure_chain": 0.02, "same_generation": 0.02, "points_to": 0.3, "contexts": 0.3, "compliance": 0.005}
FILE = os.path.join(HERE, "instructions.txt")
# Counts move by a little with the compiler and the layout of memory.
REGRESSION = 0.03


def known():
    with open(FILE) as text:
        return {name: int(count) for name, count in (line.split("\t") for line in text)}


def count(bench, workload, data):
    with tempfile.TemporaryDirectory() as scratch:
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out"]
        run = subprocess.run(tool + [bench, program(workload), data], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    return int(found.group(1)) if found and run.returncode == 0 else None


def run(given, facts):
    """Counts, and holds them against those that are kept. Returns the exit status."""
    before, after, worse = known(), {}, []
    for workload in given.workload or WORKLOADS:
        found = count(given.instructions, workload, facts(given.folder, workload, SMALL[workload]))
        if found is None:
            print(f"{workload}\tfailed")
            worse.append(workload)
            continue
        after[workload] = found
        change = found / before[workload] - 1 if workload in before else 0.0
        regression = change > REGRESSION
        print(f"{workload}\t{found}\t{change:+.1%}{'  REGRESSION' if regression else ''}", flush=True)
        if regression:
            worse.append(workload)
    if given.update:
        with open(FILE, "w") as out:
            out.writelines(f"{name}\t{count}\n" for name, count in {**before, **after}.items())
    return 1 if given.check and worse else 0
