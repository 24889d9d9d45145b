"""What advertising does with words: it allows no exception, promises, praises, denies harm, quotes patients, sells."""
