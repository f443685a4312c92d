"""The person's library: one folder of pictures, their history and the ledger of what they cost."""
