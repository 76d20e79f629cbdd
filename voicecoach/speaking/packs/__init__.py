"""Voice packs: sentences said in advance by a voice that this machine need not have, looked up before any engine."""
