"""An echo canceller of our own: a Kalman filter that keeps learning while a person speaks over the coach."""
