"""What the commands do, one module a command; `kap_content.cli.commands` has their options."""
