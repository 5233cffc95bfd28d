"""The steps of `gpu`: packing and unpacking, finding CUDA, and the phases that measure."""
