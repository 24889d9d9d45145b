"""Check a large site on a Dask cluster: each worker one shard, then one report, the same that one machine would give.

    python examples/dask_shards.py my-site --shards 8                                     # workers on this machine
    python examples/dask_shards.py /mnt/my-site --shards 64 --scheduler tcp://host:8786   # a cluster of yours

`pip install kap-content 'dask[distributed]'`. On a cluster every worker needs kap and sees the site under the same
path. Dask says where a shard runs and runs it again when a worker is lost; kap knows nothing of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from dask.distributed import Client, LocalCluster

KAP = (sys.executable, "-m", "kap_content")


def check_shard(shard: str, site: str, as_of: str) -> str:
    """The JSON report of one shard, as `kap check` prints it on whatever worker this runs."""
    command = [*KAP, "check", "--shard", shard, "--as-of", as_of, "--format", "json", "--quiet"]
    run = subprocess.run(command, cwd=site, capture_output=True, encoding="utf-8", check=False)
    if run.returncode > 1:  # 0: nothing found, 1: findings; all else is no report
        raise RuntimeError(f"shard {shard}: {run.stderr.strip()}")
    return run.stdout


def check_site(client: Client, site: Path, shards: int, as_of: str) -> int:
    """Check all shards on the cluster, print the merged report, and give the exit code that one machine would have."""
    names = [f"{number}/{shards}" for number in range(1, shards + 1)]
    futures = client.map(check_shard, names, site=str(site.resolve()), as_of=as_of, pure=False)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.json" for number in range(1, shards + 1)]
        try:
            reports = client.gather(futures)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 2
        for file, report in zip(files, reports, strict=True):
            file.write_text(report, encoding="utf-8")
        return subprocess.run([*KAP, "report", "merge", *map(str, files)], check=False).returncode


def main() -> int:
    """Start workers here, or go to a cluster, and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder with kap.toml")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--scheduler", help="the address of a running scheduler")
    parser.add_argument("--as-of", default=date.today().isoformat(), help="stands in for today")  # noqa: DTZ011
    options = parser.parse_args()
    if options.scheduler:
        with Client(options.scheduler) as client:
            return check_site(client, options.site, options.shards, options.as_of)
    with (
        LocalCluster(host="127.0.0.1", threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        return check_site(client, options.site, options.shards, options.as_of)


if __name__ == "__main__":
    sys.exit(main())
