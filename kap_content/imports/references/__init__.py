"""Lists of references as people write them: AMA, Vancouver, APA, MLA and mixtures, into typed entries."""
