"""Vocabulary: the words that a model of ours knows, and the graph that the recogniser searches, written from them."""
