"""The kernel that runs a report notebook: a child of this process that no other machine and no other user can reach."""

import os

from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class LocalKernel(AsyncKernelManager):
    """A kernel that is spoken to through sockets of the file system, where there are such."""

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"
