"""What provenance costs, and how long questions about it take."""

import os
import re
import statistics
import subprocess

from engines import WORKLOADS, program

# Relations to ask about in the compliance workload.
ASKED = ["reaches", "tainted", "finding", "leak"]


def cost(given, facts, once):
    """CPU and memory of the engine against the same engine that keeps neither makers nor steps, in turn."""
    total = {"with": 0.0, "without": 0.0}
    for workload in given.workload or WORKLOADS:
        data = facts(given.folder, workload, (given.size or [1.0])[0])
        found = {"with": [], "without": []}
        for _ in range(given.runs):
            for name, bench in zip(found, given.provenance):
                run = once([bench, program(workload), data], given.patience)
                if isinstance(run, str):
                    print(f"{workload}: {bench} {run}")
                    return 1
                found[name].append(run)
        cpu = {name: statistics.median(run[0] for run in runs) for name, runs in found.items()}
        text = found["with"][0][3]
        relations = dict(re.findall(r"^(\w+)\t(\d+)$", text, re.MULTILINE))
        rows = sum(int(count) for name, count in relations.items() if name != "rounds")
        kept = int(re.search(r"provenance\t(\d+)", text).group(1))
        change = cpu["with"] / cpu["without"] - 1
        print(f"{workload:16} {cpu['with']:7.3f} s with, {cpu['without']:7.3f} s without: {change:+.1%}; "
              f"{kept} bytes for {rows} rows: {kept / max(1, rows):.4f} a row", flush=True)
        for name in total:
            total[name] += cpu[name]
    print(f"{'all':16} {total['with'] / total['without'] - 1:+.1%}")
    return 0


def questions(given, facts):
    """Proofs and why-not on the compliance workload: what the bench prints of them."""
    data = facts(given.folder, "compliance", (given.size or [1.0])[0])
    for relation in ASKED:
        asked = {**os.environ, "PROOFS": relation, "WHY_NOT": relation}
        command = [given.questions, program("compliance"), data]
        run = subprocess.run(command, env=asked, capture_output=True, text=True, check=True)
        print(f"{relation}:")
        for line in run.stdout.splitlines():
            if line.startswith(("proof", "why not")):
                print(f"    {line}")
    return 0
