"""Run `kap` from a checkout: `python cli.py check`."""

from kap_content.cli import main

if __name__ == "__main__":
    main()
