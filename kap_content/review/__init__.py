"""The reviewer's decisions on claims, and what there is to decide on: views, decisions, signatures, the dossier."""
