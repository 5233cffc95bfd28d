"""Networks in torch: encoders, recurrent steps and the GRU cell from its equations."""
