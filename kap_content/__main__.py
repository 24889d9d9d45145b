"""`python -m kap_content`, and the entry point of the command `kap`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from kap_content.cli import main as run

    run()


if __name__ == "__main__":
    main()
