"""Which meaning a piece of speech has, or none: small networks on rows of a speech embedding."""
