"""The kernel that runs a report notebook: a child of this process that no other machine and no other user can reach."""

import os
import subprocess
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class LocalKernel(AsyncKernelManager):
    """A kernel that is spoken to through sockets of the file system, where there are such, and that says nothing.

    What a cell prints comes back as its output; what the kernel itself prints, as when it is told to end, would stand
    among what the program says.
    """

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        await super()._async_launch_kernel(kernel_cmd, **{"stderr": subprocess.DEVNULL, **kw})
