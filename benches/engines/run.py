#!/usr/bin/env python3
"""Measures the six workloads: run.py [--scale N] [--runs N] [--folder DIR] NAME=COMMAND…

A command is run once for each workload with `{program}`, `{workload}` and `{facts}` filled in, as often as there are runs,
all commands in turn, so that what else the machine does falls on all of them. Printed are medians of CPU seconds (user and
system) and wall seconds, the highest memory, and what the command printed as its last word: the counts are to agree.

    run.py "lawbook=lawbook eval {program} --root {facts} --format count --threads 1"

`run.py --instructions BENCH` counts the instructions of the `workload` bench at a small size with valgrind, one line a
workload: compare with instructions.txt, which holds those of the last change that meant to move them.
"""

import argparse
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ["closure_random", "closure_chain", "same_generation", "points_to", "contexts", "compliance"]
SMALL = {"closure_random": 0.02, "closure_chain": 0.02, "same_generation": 0.02, "points_to": 0.3, "contexts": 0.3, "compliance": 0.005}


def facts(folder, workload, scale):
    target = os.path.join(folder, f"{workload}-{scale:g}")
    if not os.path.isdir(target):
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), workload, target, str(scale)], check=True)
    return target


def once(command):
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        out.seek(0)
        words = out.read().decode(errors="replace").split()
    if status:
        return None
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss // 1024, words[-1] if words else "-"


def measure(arguments):
    commands = [command.split("=", 1) for command in arguments.commands]
    print(f"{'workload':16} {'engine':12} {'CPU s':>7} {'wall s':>7} {'MB':>6}  last word")
    for workload in arguments.workload or WORKLOADS:
        data = facts(arguments.folder, workload, arguments.scale)
        program = os.path.join(HERE, "programs", workload + ".law")
        found = {name: [] for name, _ in commands}
        for _ in range(arguments.runs):
            for name, command in commands:
                filled = command.format(program=program, workload=workload, facts=data)
                found[name].append(once(shlex.split(filled)))
        for name, runs in found.items():
            if None in runs:
                print(f"{workload:16} {name:12} failed")
                continue
            cpu, wall, memory, words = zip(*runs)
            medians = f"{statistics.median(cpu):7.2f} {statistics.median(wall):7.2f} {max(memory):6}"
            print(f"{workload:16} {name:12} {medians}  {' '.join(sorted(set(words)))}")


def instructions(arguments):
    for workload in WORKLOADS:
        data = facts(arguments.folder, workload, SMALL[workload])
        program = os.path.join(HERE, "programs", workload + ".law")
        with tempfile.TemporaryDirectory() as scratch:
            tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out"]
            run = subprocess.run(tool + [arguments.instructions, program, data], capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", run.stderr)
        print(f"{workload}\t{found.group(1) if found else 'failed'}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "lawbook-engines"))
    parser.add_argument("--workload", action="append")
    parser.add_argument("--instructions", metavar="BENCH")
    parser.add_argument("commands", nargs="*", metavar="NAME=COMMAND")
    given = parser.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    instructions(given) if given.instructions else measure(given)
