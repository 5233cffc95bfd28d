"""The default model, from rendered pictures to the shipped bundle."""
