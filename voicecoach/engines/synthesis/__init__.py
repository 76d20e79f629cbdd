"""Speech synthesisers: a sentence in, samples out."""
