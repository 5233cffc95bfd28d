"""Torch's own trace of an export is no news, and capturing it takes longer than the export."""

import logging

logging.getLogger("torch.__trace").propagate = False
