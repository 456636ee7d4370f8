"""Kernels that have loaded, before they start, what nearly every lesson loads.

Loading torch, and what its first optimizer asks for, takes longer than many a lesson.
One process loads it once, and each kernel is a fork of that process. Its namespace is
empty all the same: what a lesson doesn't import, it doesn't have.
"""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning import LocalProvisioner

# Of every kernel, and of the process that they are forked from: what is loaded there
# reads it there.
ENVIRONMENT = {
    # Two workers share the machine; more threads make each slower.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # A page shows results, not the progress towards them.
    "TQDM_DISABLE": "1",
    # The settings of whoever builds the site change nothing on it.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["publish.loaded"])


def serve(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Be a kernel until it is shut down; runs in a process that was forked for it."""
    from ipykernel.kernelapp import IPKernelApp

    from publish.loaded import PATH

    os.setsid()  # what interrupts or ends a kernel reaches its processes, not ours
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = ["ipykernel_launcher", *arguments]
    sys.path[:] = PATH  # not the builder's, which finds more than a lesson may
    os.chdir(folder)
    # It ends when the process does that it was forked from.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    IPKernelApp.launch_instance([*arguments, parent])


class ForkedProcess(ForkServerProcess):
    """A kernel's process, with the names of ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self) -> int | None:
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        assert self.pid is not None
        os.kill(self.pid, number)


class ForkingProvisioner(LocalProvisioner):
    """Starts a kernel by a fork where LocalProvisioner starts a program."""

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.cwd = given["cwd"]
        process = ForkedProcess(
            target=serve, args=(arguments, given["env"], str(self.cwd))
        )
        process.start()
        self.process, self.pid = cast("Any", process), process.pid
        return self.connection_info


class ForkingKernelManager(KernelManager):
    """As its base, with a ForkingProvisioner."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.provisioner = ForkingProvisioner(
            kernel_id="", kernel_spec=self.kernel_spec, parent=self
        )


class AsyncForkingKernelManager(ForkingKernelManager, AsyncKernelManager):
    """As its second base, with a ForkingProvisioner."""


# Elsewhere the system's own libraries may not survive a fork.
MAY_FORK = sys.platform == "linux"
KERNEL_MANAGER = AsyncForkingKernelManager if MAY_FORK else AsyncKernelManager
