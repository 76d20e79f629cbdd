"""Speech recognisers: sound in, words out."""
