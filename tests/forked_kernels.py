"""A plugin for pytest: the kernels of nbval are forks, as those of the site are.

They start in a tenth of a second, and a lesson doesn't notice it (test_kernels).
"""

import nbval.kernel

from publish.kernels import MAY_FORK, ForkingKernelManager

if MAY_FORK:
    nbval.kernel.KernelManager = ForkingKernelManager
