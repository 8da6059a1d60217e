"""The engines that run.py measures: Lawbook and its peers, each as far as it is there.

An engine turns a workload and a folder of facts into a command, and the command's output into counts by relation. Peers from
the crate registry are built here on demand; Soufflé, Nemo and datatoad are used where they are found on the PATH.
"""

import hashlib
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# Beside what Lawbook builds, where nothing looks for sources.
PEERS = os.path.join(HERE, "..", "..", "target", "peers")
WORKLOADS = ["closure_random", "closure_chain", "same_generation", "points_to", "contexts", "compliance"]
# The rows of all derived relations, where an engine tells no more.
ALL = "all"


def program(workload, folder="programs", ending="law"):
    return os.path.join(HERE, folder, f"{workload}.{ending}")


def tabbed(output):
    """Counts of lines `relation<TAB>count`."""
    pairs = (line.split("\t") for line in output.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


class Lawbook:
    def __init__(self, binary, name="lawbook", threads=1):
        self.name, self.binary, self.threads = name, binary, threads

    def command(self, workload, facts):
        count = ["--format", "count", "--threads", str(self.threads)]
        return [self.binary, "eval", program(workload), "--root", facts] + count

    counts = staticmethod(tabbed)


class Compiled:
    """A peer of `peers/`: a binary that is told the workload."""

    def __init__(self, name, without=()):
        self.name, self.without = name, without
        self.binary = os.path.join(PEERS, "release", name)

    def command(self, workload, facts):
        return None if workload in self.without else [self.binary, workload, facts]

    counts = staticmethod(tabbed)

    @staticmethod
    def build():
        manifest = os.path.join(HERE, "peers", "Cargo.toml")
        build = ["cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", manifest, "--target-dir", PEERS]
        subprocess.run(build, check=True)


class Souffle:
    """Soufflé, compiled once for each program, or interpreted."""

    def __init__(self, cache, compiled):
        self.name = "souffle" if compiled else "souffle -i"
        self.cache, self.compiled = cache, compiled

    def command(self, workload, facts):
        source = program(workload, "souffle", "dl")
        if not self.compiled:
            return ["souffle", source, "-F", facts]
        with open(source, "rb") as text:
            binary = os.path.join(self.cache, f"souffle-{workload}-{hashlib.sha256(text.read()).hexdigest()[:12]}")
        if not os.path.exists(binary):
            subprocess.run(["souffle", source, "-o", binary], check=True, stdout=subprocess.DEVNULL)
        return [binary, "-F", facts]

    counts = staticmethod(tabbed)


class Nemo:
    """It tells how many facts it derived in all; the programs derive nothing beside what the others count."""

    name = "nemo"

    def command(self, workload, facts):
        source = program(workload, "nemo", "rls")
        return ["nmo", source, "--import-dir", facts] if os.path.exists(source) else None

    @staticmethod
    def counts(output):
        derived = re.search(r"Derived (\d+) facts", output)
        return {ALL: int(derived.group(1))} if derived else {}


class Datatoad:
    """It reads commas, and names files in its program; integers alone."""

    name = "datatoad"

    def __init__(self, cache):
        self.cache = cache

    def command(self, workload, facts):
        source = program(workload, "datatoad", "dt")
        if not os.path.exists(source):
            return None
        for table in os.listdir(facts):
            name, ending = os.path.splitext(os.path.join(facts, table))
            if ending == ".facts" and not os.path.exists(name + ".csv"):
                with open(name + ending) as rows, open(name + ".csv", "w") as out:
                    out.write(rows.read().replace("\t", ","))
        script = os.path.join(self.cache, f"{workload}.dt")
        with open(source) as text, open(script, "w") as out:
            out.write(text.read().replace("$FACTS", facts))
        return ["datatoad", script]

    @staticmethod
    def counts(output):
        return {name: int(count) for count, name in re.findall(r"^ *(\d+) (\w+) +\[forms", output, re.MULTILINE)}


def all_engines(given):
    """Those to measure, by the options of run.py."""
    found = [Lawbook(given.lawbook)]
    if given.two_threads:
        found.append(Lawbook(given.lawbook, "lawbook, 2 threads", 2))
    for extra in given.other:
        name, binary = extra.split("=", 1)
        found.append(Lawbook(binary, name))
    if given.peers:
        Compiled.build()
        found += [Compiled("ascent"), Compiled("crepe"), Compiled("datafrog", ("contexts", "compliance"))]
        if shutil.which("souffle"):
            found.append(Souffle(given.folder, True))
            if given.interpreted:
                found.append(Souffle(given.folder, False))
        if shutil.which("nmo"):
            found.append(Nemo())
        if shutil.which("datatoad"):
            found.append(Datatoad(given.folder))
    return [engine for engine in found if not given.engine or engine.name in given.engine]
