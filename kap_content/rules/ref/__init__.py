"""REF: references and citations."""
