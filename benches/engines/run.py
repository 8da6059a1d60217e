#!/usr/bin/env python3
"""Measures the six workloads: run.py [--peers] [--size N]… [--runs N] [--json FILE] [--table FILE].

    run.py --lawbook target/release/lawbook                       ours alone, at three sizes
    run.py --peers --json out.json                                ours beside all peers that are there
    run.py --other "before=old/lawbook" --workload contexts       two binaries of ours

Every engine runs every workload at every size, as often as `--runs` says, all engines in turn, so that what else the machine
does falls on all of them. Told are medians of CPU seconds (user and system) and wall seconds, and the highest memory, whole
runs with loading included. Engines must agree on how many rows each relation came to: otherwise that is said, and the exit
status is 1.

`--json` keeps what was measured; `plot.py` draws it. `--table` writes it as a table in Markdown.

    run.py --provenance BENCH UNPROVEN     what provenance costs: the `workload` bench, and one built with `--features unproven`
    run.py --questions BENCH               how long proofs and why-not take on the compliance workload

    run.py --instructions BENCH            counts the instructions of the `workload` bench at small sizes with valgrind
    run.py --instructions BENCH --check    tells what differs from instructions.txt; more than 3 % more is a regression, exit 1
    run.py --instructions BENCH --update   writes instructions.txt, after a change that was meant to move them
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import instructions
import provenance
from engines import ALL, HERE, WORKLOADS, all_engines


def facts(folder, workload, scale):
    target = os.path.join(folder, f"{workload}-{scale:g}")
    if not os.path.isdir(target):
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), workload, target, str(scale)], check=True)
    return target


def once(command, patience):
    """CPU seconds, wall seconds, megabytes and output of a run; a word in their place if there is none."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        late = threading.Event()
        watch = threading.Timer(patience, lambda: (late.set(), process.kill()))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        wall = time.monotonic() - started
        out.seek(0)
        text = out.read().decode(errors="replace")
    if late.is_set():
        return f"over {patience:g} s"
    if status:
        return "failed"
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text


def measure_one(engines, workload, scale, given):
    """All engines on one workload at one size, in turn."""
    data = facts(given.folder, workload, scale)
    commands = {engine.name: (engine, engine.command(workload, data)) for engine in engines}
    found = {name: {"cpu": [], "wall": [], "memory": []} for name, (_, command) in commands.items() if command}
    for _ in range(given.runs):
        for name, result in found.items():
            engine, command = commands[name]
            if "trouble" in result:
                continue
            run = once(command, given.patience)
            if isinstance(run, str):
                result["trouble"] = run
                continue
            cpu, wall, memory, text = run
            result["cpu"].append(round(cpu, 4))
            result["wall"].append(round(wall, 4))
            result["memory"].append(round(memory, 1))
            result["counts"] = engine.counts(text)
    return found


def disagreements(found):
    """Relations that engines do not agree on."""
    counts = {}
    ours = next(iter(found.values())).get("counts", {})
    for name, result in found.items():
        own = result.get("counts", {})
        if "trouble" not in result and not own:
            return [f"{name} tells no counts"]
        for relation, count in own.items():
            counts.setdefault(relation, {}).setdefault(count, []).append(name)
    if ALL in counts:
        counts[ALL].setdefault(sum(ours.values()), []).append("the sum of ours")
    return [f"{relation}: {answers}" for relation, answers in counts.items() if len(answers) > 1]


def machine():
    model = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as text:
            models = [line.split(":", 1)[1].strip() for line in text if line.startswith("model name")]
        model = models[0] if models else ""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"processor": model, "cores": os.cpu_count(), "memory": f"{pages / 2**30:.0f} GB", "system": platform.system()}


def tell(workload, scale, found):
    rows = max((max(result["counts"].values(), default=0) for result in found.values() if "counts" in result), default=0)
    print(f"{workload} at {scale:g}: {rows} rows in its largest relation")
    for name, result in found.items():
        if "trouble" in result:
            print(f"    {name:18} {result['trouble']}")
            continue
        cpu, wall = statistics.median(result["cpu"]), statistics.median(result["wall"])
        print(f"    {name:18} {cpu:8.3f} s CPU {wall:8.3f} s wall {max(result['memory']):8.0f} MB")
    sys.stdout.flush()


def table(results, path):
    """One row a workload and size, one column an engine: median CPU seconds, highest memory."""
    names = list(dict.fromkeys(name for result in results for name in result["engines"]))
    lines = ["| workload | size | rows | " + " | ".join(names) + " |", "|---" * (len(names) + 3) + "|"]
    for result in results:
        cells = []
        for name in names:
            engine = result["engines"].get(name)
            if engine is None:
                cells.append("–")
            elif "trouble" in engine:
                cells.append(engine["trouble"])
            else:
                cells.append(f"{statistics.median(engine['cpu']):.2f} s, {max(engine['memory']):.0f} MB")
        counts = [engine.get("counts", {}) for engine in result["engines"].values()]
        rows = sum(counts[0].values()) if counts else 0
        lines.append(f"| {result['workload']} | {result['scale']:g} | {rows:,} | " + " | ".join(cells) + " |")
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")


def measure(given):
    engines = all_engines(given)
    results, trouble = [], []
    for workload in given.workload or WORKLOADS:
        for scale in given.size or [0.1, 0.3, 1.0]:
            found = measure_one(engines, workload, scale, given)
            tell(workload, scale, found)
            wrong = disagreements(found)
            trouble += [f"{workload} at {scale:g}: {line}" for line in wrong]
            results.append({"workload": workload, "scale": scale, "engines": found})
            if given.json:
                with open(given.json, "w") as out:
                    json.dump({"machine": machine(), "runs": given.runs, "results": results}, out, indent=1)
    if given.table:
        table(results, given.table)
    for line in trouble:
        print(f"ENGINES DISAGREE: {line}", file=sys.stderr)
    return 1 if trouble else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lawbook", default=os.path.join(HERE, "..", "..", "target", "release", "lawbook"))
    parser.add_argument("--other", action="append", default=[], metavar="NAME=BINARY", help="another binary of ours")
    parser.add_argument("--two-threads", action="store_true", help="ours on two threads as well")
    parser.add_argument("--peers", action="store_true", help="build and run the peers")
    parser.add_argument("--interpreted", action="store_true", help="Soufflé interpreted as well")
    parser.add_argument("--engine", action="append", help="only this one")
    parser.add_argument("--workload", action="append", choices=WORKLOADS)
    parser.add_argument("--size", action="append", type=float, help="multiplies the size of the result, about")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=120, help="seconds that a run may take")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "lawbook-engines"))
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--table", metavar="FILE")
    parser.add_argument("--provenance", nargs=2, metavar=("BENCH", "UNPROVEN"))
    parser.add_argument("--questions", metavar="BENCH")
    parser.add_argument("--instructions", metavar="BENCH")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", action="store_true")
    given = parser.parse_args()
    given.folder = os.path.abspath(given.folder)
    given.lawbook = os.path.abspath(given.lawbook)
    os.makedirs(given.folder, exist_ok=True)
    return given


if __name__ == "__main__":
    given = arguments()
    if given.provenance:
        sys.exit(provenance.cost(given, facts, once))
    if given.questions:
        sys.exit(provenance.questions(given, facts))
    sys.exit(instructions.run(given, facts) if given.instructions else measure(given))
