"""`python -m tests.registry [FOLDER]`: serve recorded material (or nothing) until Ctrl-C, and say where."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import World, load_recorded


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.registry", description="A stand-in for the scholarly registries."
    )
    parser.add_argument("data", nargs="?", type=Path, help="folder with crossref/, datacite/ and pubmed/")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds before each answer")
    parser.add_argument("--fault", action="append", default=[], metavar="SERVICE=KIND", help="let a service go wrong")
    options = parser.parse_args()
    world = load_recorded(options.data) if options.data else World()
    with Registry(world, latency=options.latency) as registry:
        for fault in options.fault:
            service, _, kind = fault.partition("=")
            registry.fail(service, kind)
        for name in SERVICES:
            print(f"export KAP_{name.upper()}_URL={registry.url}/{name}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
