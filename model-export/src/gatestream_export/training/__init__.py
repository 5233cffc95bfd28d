"""Training over streams of frames, with the state carried or by windows."""
