"""The command line: one file a group of verbs, on the engine, without Qt."""
