"""What is loaded once, in the process that kernels are forked from (see kernels)."""

import gc
import importlib
import os
import sys

from publish.kernels import ENVIRONMENT

PATH = [place for place in sys.path if place]  # without the folder it started in

os.environ.update(ENVIRONMENT)
# What is loaded here stays. To look through it for garbage, again and again, is in
# vain, and makes a kernel copy the pages that it shares with this process.
gc.disable()
# Not matplotlib_inline: it joins the kernel that loads it, and there is none yet.
for name in (
    "ipykernel.kernelapp",
    "ipywidgets",
    "matplotlib.pyplot",
    "torch",
    "torch._dynamo",  # torch.optim loads it with its first optimizer
):
    importlib.import_module(name)
gc.freeze()
gc.enable()
