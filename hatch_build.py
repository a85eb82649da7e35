"""Compile what is in ``core`` while the package is built, where there is a compiler; go on without it elsewhere."""

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCore(BuildHookInterface[Any]):
    """Adds the compiled module to the wheel, which then is for one version of Python on one kind of machine."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile in place, so that an editable installation finds the module too."""
        if self.target_name != "wheel":
            return
        try:
            built = _compile(self.root)
        except Exception as error:
            self.app.display_warning(f"collabtrace goes without its compiled part, only slower: {error}")
            return
        build_data.update(pure_python=False, infer_tag=True)
        build_data["artifacts"] += built


def _compile(root: str) -> list[str]:
    """Compile the module; the files made, relative to *root*."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    sources = sorted(map(str, Path(root, "core").glob("*.c")))
    core = Extension("collabtrace._core", sources)
    command = build_ext(Distribution({"name": "collabtrace", "ext_modules": [core], "package_dir": {"": root}}))
    command.inplace = True
    command.ensure_finalized()
    with tempfile.TemporaryDirectory() as folder:
        command.build_temp = command.build_lib = folder
        command.run()
    return [f"/collabtrace/{command.get_ext_filename('_core')}"]
