"""What the older agent could do."""

import shutil
from pathlib import Path


def uptime():
    return Path("/proc/uptime").read_text()


def disk():
    return shutil.disk_usage("/").free
