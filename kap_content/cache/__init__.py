"""What was found before, kept so that only what changed is judged again; `kap_content.cache.check` tells how."""
