"""Decision records: how they are built, how one is drafted from evidence, how a folder of them is checked."""
