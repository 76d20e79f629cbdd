"""Speech embeddings: sound as numbers in which the same words lie close together, whoever says them."""
