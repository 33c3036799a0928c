"""Where the weights of models come from: one file a model, each found in the cache or fetched, and checked by hash."""
